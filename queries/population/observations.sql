-- Who is observed at which snapshot.
--
-- At the latest one, everybody active; shops and creators at every one. Buyers and
-- listings are many, so earlier snapshots keep those that somebody will look at: who
-- shows a rare sign and did something since (to see it grow), and at the weekly points
-- also a fixed sample (for drift and to learn what is usual) and who was judged soon
-- after (to learn from).
-- Whom to describe may be chosen by what came later; what a row says never is. A
-- statistic of many is taken of the sample alone: the rest was chosen for being odd.
--
-- grain:   entity_type, entity_id, as_of
-- params:  sampled_buyers    bigint   buyers followed week by week
--          sampled_products  bigint   listings followed week by week
--          judged_before     bigint   days before a verdict that may teach
--          step_days         bigint   days of activity that earn a weekly snapshot
--          recent_days       bigint   days of activity that earn a daily snapshot
--          marked_orders     bigint   odd orders that make a listing worth following
-- returns: entity_type     varchar  merchant, creator, product, buyer
--          entity_id       varchar
--          as_of           date
--          observation_id  bigint   one number for entity and day: joins fast
--          is_sampled      boolean  by a hash, whatever it did
with active_entities as (
    select
        s.entity_type,
        s.entity_id,
        n.as_of,
        s.entity_key,
        s.hash_bucket,
        n.is_training,
        n.is_latest
    from population.active_spans as s
    inner join facts.snapshots as n
        on
            s.entity_type = n.entity_type
            and s.first_day < n.as_of
            and s.last_day >= n.as_of - 90
),

-- Shares by what was active then, so that the sample forebodes nothing.
shares as (
    select
        entity_type,
        as_of,
        case
            when entity_type in ('merchant', 'creator') then 65536.0
            when not is_training and not is_latest then 0.0
            when entity_type = 'buyer'
                then 65536.0 * $sampled_buyers / count(*)
            else 65536.0 * $sampled_products / count(*)
        end as hash_buckets
    from active_entities
    group by entity_type, as_of, is_training, is_latest
),

verdict_days as (
    select distinct
        l.entity_type,
        l.entity_id,
        n.as_of
    from staging.labels as l
    inner join facts.snapshots as n
        on
            l.entity_type = n.entity_type
            and n.as_of > cast(l.decided_at as date)
            - cast($judged_before as integer)
            and n.as_of <= cast(l.decided_at as date)
    where n.is_training and l.entity_type in ('buyer', 'product')
),

odd_orders as (
    select
        order_id,
        buyer_id,
        product_id
    from facts.order_facts
    where
        is_crowded_device = 1
        or is_tight_basket = 1
        or is_creator_device = 1
    union
    select
        order_id,
        buyer_id,
        product_id
    from facts.delivery_facts
    where is_light = 1
    union
    select
        order_id,
        buyer_id,
        product_id
    from facts.refund_facts
    where is_light_return = 1 or is_disproved = 1
),

odd_entities as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id
    from odd_orders
    union
    select
        'product' as entity_type,
        product_id as entity_id
    from odd_orders
    group by product_id
    having count(*) >= $marked_orders
),

activity as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day
    from facts.order_facts
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day
    from facts.refund_facts
    union all
    select
        entity_type,
        entity_id,
        day
    from days.order_days
    where entity_type = 'product'
    union all
    select
        entity_type,
        entity_id,
        day
    from days.refund_days
    where entity_type = 'product'
),

recent_activity as (
    select distinct
        d.entity_type,
        d.entity_id,
        n.as_of
    from activity as d
    inner join odd_entities as w
        on d.entity_type = w.entity_type and d.entity_id = w.entity_id
    inner join facts.snapshots as n
        on
            d.entity_type = n.entity_type
            and d.day < n.as_of
            and d.day >= n.as_of - case
                when n.is_training then cast($step_days as integer)
                else cast($recent_days as integer)
            end
    where not n.is_latest
),

final as (
    select
        a.entity_type,
        a.entity_id,
        a.as_of,
        cast(
            a.entity_key * 100000
            + date_diff('day', date '1970-01-01', a.as_of) as bigint
        ) as observation_id,
        a.hash_bucket < h.hash_buckets as is_sampled
    from active_entities as a
    inner join shares as h
        on a.entity_type = h.entity_type and a.as_of = h.as_of
    left join verdict_days as w
        on
            a.entity_type = w.entity_type
            and a.entity_id = w.entity_id
            and a.as_of = w.as_of
    left join recent_activity as y
        on
            a.entity_type = y.entity_type
            and a.entity_id = y.entity_id
            and a.as_of = y.as_of
    where
        a.is_latest
        or a.hash_bucket < h.hash_buckets
        or w.entity_id is not null
        or y.entity_id is not null
)

select * from final
