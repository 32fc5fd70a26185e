-- Who is behind a change of a metric: entities, rings or typologies by their share of it.
--
-- Each row's change is exact: of a sum what it grew by, of a ratio what it adds to the
-- ratio's change beside the mean of both periods. All rows together, the limit aside, add
-- up to the change of the slice. A period of another length is scaled to the later one.
-- An order is of every ring that has a part in it, victims left out, in equal parts, and
-- of a typology through the ring; without one it is a row without an id.
--
-- grain:   entity_id
-- params:  entity_type   varchar    merchant, product, creator, buyer, ring, typology
--          numerator     varchar    a sum of metrics.cube
--          denominator   varchar    another; '' = the numerator is the metric
--          filters       varchar[]  of `dimension=value`; empty = everything
--          markets       varchar[]  whose orders; empty = every
--          since         date
--          until         date
--          before_since  date
--          before_until  date
--          limit         bigint
-- returns: entity_id  varchar  null = of nobody, of no ring
--          ring_id    varchar  the ring it is a member of; null = none
--          typology   varchar  of the ring, or of the member in it
--          before     double   of the numerator, scaled
--          after      double   of the numerator
--          n          bigint   orders after
--          change     double   in the metric's unit
--          share      double   of the slice's change; null = it did not change
with members as (
    select
        entity_type,
        entity_id,
        min(ring_id) as ring_id,
        min(typology) as typology
    from rings.members
    where role <> 'victim'
    group by entity_type, entity_id
),

sales as (
    select
        o.order_id,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        columns(lambda c: c = $numerator) as numerator,
        columns(
            lambda c: c = if($denominator = '', 'orders', $denominator)
        ) as denominator,
        o.day between cast($since as date) and cast($until as date) as is_after
    from metrics.order_outcomes as o
    where
        (
            o.day between cast($since as date) and cast($until as date)
            or o.day between cast($before_since as date)
            and cast($before_until as date)
        )
        and is_chosen(cast($markets as varchar[]), o.market)
        and is_within($filters, 'market', o.market)
        and is_within($filters, 'category', o.category)
        and is_within($filters, 'channel', o.channel)
        and is_within($filters, 'merchant_tier', o.merchant_tier)
        and is_within($filters, 'buyer_age', o.buyer_age)
        and is_within($filters, 'payment_method', o.payment_method)
        and is_within($filters, 'creator_tier', o.creator_tier)
),

parties as (
    select
        s.*,
        list_filter(
            list_distinct(
                [b.ring_id, m.ring_id, p.ring_id, c.ring_id]
            ),
            lambda one: one is not null
        ) as rings
    from sales as s
    left join members as b
        on s.buyer_id = b.entity_id and b.entity_type = 'buyer'
    left join members as m
        on s.merchant_id = m.entity_id and m.entity_type = 'merchant'
    left join members as p
        on s.product_id = p.entity_id and p.entity_type = 'product'
    left join members as c
        on s.creator_id = c.entity_id and c.entity_type = 'creator'
),

owners as (
    select
        is_after,
        numerator,
        denominator,
        case $entity_type
            when 'merchant' then [merchant_id]
            when 'product' then [product_id]
            when 'creator' then [creator_id]
            when 'buyer' then [buyer_id]
            else if(len(rings) = 0, [cast(null as varchar)], rings)
        end as ids
    from parties
),

parts as (
    select
        unnest(ids) as owner_id,
        is_after,
        cast(numerator / len(ids) as decimal(24, 9)) as numerator,
        cast(denominator / len(ids) as decimal(24, 9)) as denominator
    from owners
),

sums as (
    select
        if($entity_type = 'typology', r.typology, p.owner_id) as entity_id,
        sum(if(p.is_after, 0, p.numerator)) as top_before,
        sum(if(p.is_after, p.numerator, 0)) as top_after,
        sum(if(p.is_after, 0, p.denominator)) as below_before,
        sum(if(p.is_after, p.denominator, 0)) as below_after,
        count(*) filter (where p.is_after) as n
    from parts as p
    left join rings.rings as r on p.owner_id = r.ring_id
    group by all
),

whole as (
    select
        if($denominator = '', 1.0, nullif(sum(below_before), 0.0))
            as below_before,
        if($denominator = '', 1.0, nullif(sum(below_after), 0.0))
            as below_after,
        if(
            $denominator = '',
            (cast($until as date) - cast($since as date) + 1.0)
            / (cast($before_until as date) - cast($before_since as date) + 1.0),
            1.0
        ) as scale,
        if(
            $denominator = '',
            0.0,
            (
                sum(top_before) / nullif(sum(below_before), 0.0)
                + sum(top_after) / nullif(sum(below_after), 0.0)
            ) / 2.0
        ) as middle,
        sum(top_before) as top_before,
        sum(top_after) as top_after
    from sums
),

changes as (
    select
        s.entity_id,
        s.top_before * w.scale as before,
        s.top_after as after,
        s.n,
        (s.top_after - w.middle * s.below_after) / w.below_after
        - (s.top_before - w.middle * s.below_before)
        / w.below_before * w.scale as change,
        w.top_after / w.below_after
        - w.top_before / w.below_before * w.scale as slice_change
    from sums as s
    cross join whole as w
)

select
    c.entity_id,
    if($entity_type = 'ring', c.entity_id, m.ring_id) as ring_id,
    case $entity_type
        when 'typology' then c.entity_id
        when 'ring' then r.typology
        else m.typology
    end as typology,
    cast(c.before as double) as before,
    cast(c.after as double) as after,
    c.n,
    cast(c.change as double) as change,
    cast(c.change / nullif(c.slice_change, 0.0) as double) as share
from changes as c
left join members as m
    on c.entity_id = m.entity_id and $entity_type = m.entity_type
left join rings.rings as r on c.entity_id = r.ring_id
order by share desc nulls last, c.entity_id asc nulls last
limit $limit
