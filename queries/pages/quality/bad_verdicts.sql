-- Bad verdicts that had 30 days to be put right, with what came of them, by what their subject
-- was on the day: how large and how old a seller. A listing is of its shop.
--
-- grain:   label_id
-- params:  none
-- returns: label_id          varchar
--          entity_type       varchar
--          market            varchar  null = nobody said it
--          decided_by        varchar  a rule, or people
--          known_day         date
--          seller_age_days   bigint   null = no seller, or nobody said since when
--          seller_orders     bigint   paid orders of the 28 days before; null = no seller
--          is_overturned     boolean  an appeal cleared the subject
--          is_found_good     boolean  any verdict did: an appeal, a random check, a review
with bad as (
    select
        l.label_id,
        l.entity_type,
        l.entity_id,
        l.known_at,
        cast(l.known_at as date) as known_day,
        case l.source when 'rule' then 'a rule' else 'people' end as decided_by,
        coalesce(
            p.merchant_id,
            case when l.entity_type = 'merchant' then l.entity_id end
        ) as merchant_id
    from staging.labels as l
    inner join meta.build as b on l.known_at < b.as_of - interval 30 day
    left join staging.products as p
        on l.entity_type = 'product' and l.entity_id = p.product_id
    where l.label = 'bad' and l.source not in ('appeal', 'casebook')
),

righted as (
    select
        b.label_id,
        bool_or(g.source = 'appeal') as is_overturned
    from bad as b
    inner join staging.labels as g
        on
            b.entity_type = g.entity_type
            and b.entity_id = g.entity_id
            and b.known_at < g.known_at
            and g.known_at < b.known_at + interval 30 day
    where g.label = 'good'
    group by b.label_id
),

sales as (
    select
        b.label_id,
        count(o.merchant_id) as orders
    from bad as b
    left join facts.order_facts as o
        on
            b.merchant_id = o.merchant_id
            and o.day >= b.known_day - 28
            and b.known_day > o.day
    where b.merchant_id is not null
    group by b.label_id
)

select
    b.label_id,
    b.entity_type,
    e.market,
    b.decided_by,
    b.known_day,
    case
        when b.entity_type = 'creator'
            then b.known_day - cast(e.registered_at as date)
        else b.known_day - cast(m.registered_at as date)
    end as seller_age_days,
    s.orders as seller_orders,
    coalesce(r.is_overturned, false) as is_overturned,
    r.label_id is not null as is_found_good
from bad as b
left join graph.entities as e
    on b.entity_type = e.entity_type and b.entity_id = e.entity_id
left join staging.merchants as m on b.merchant_id = m.merchant_id
left join righted as r on b.label_id = r.label_id
left join sales as s on b.label_id = s.label_id
order by b.label_id asc nulls last
