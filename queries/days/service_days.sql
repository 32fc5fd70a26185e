-- What each shop and listing was told about its service, by day.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type         varchar  merchant, product
--          entity_id           varchar
--          day                 date     on which it was known
--          disputes            integer  at a bank: not received, not as described
--          quality_complaints  integer  about the quality of the goods
--          slow_parcels        integer  delivered after 120 hours on the way
--          one_stars           integer  reviews with one star
--          two_stars           integer
--          three_stars         integer
--          four_stars          integer
--          five_stars          integer
--          entity_key          bigint   of facts.entity_keys
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'product' as entity_type
),

service_events as (
    select
        o.merchant_id,
        o.product_id,
        d.day,
        'dispute' as event
    from staging.disputes as d
    inner join staging.orders as o on d.order_id = o.order_id
    where d.kind in ('not_received', 'not_as_described') and not o.is_sample
    union all
    select
        o.merchant_id,
        o.product_id,
        c.day,
        'complaint' as event
    from staging.complaints as c
    inner join staging.orders as o on c.order_id = o.order_id
    where c.topic = 'quality' and not o.is_sample
    union all
    select
        merchant_id,
        product_id,
        day,
        'slow' as event
    from facts.delivery_facts
    where hours_in_transit > 120.0
    union all
    select
        merchant_id,
        product_id,
        day,
        case rating
            when 1 then 'one'
            when 2 then 'two'
            when 3 then 'three'
            when 4 then 'four'
            else 'five'
        end as event
    from facts.review_facts
),

day_counts as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then t.merchant_id
            else t.product_id
        end as entity_id,
        t.day,
        cast(count(*) filter (where t.event = 'dispute') as integer)
            as disputes,
        cast(count(*) filter (where t.event = 'complaint') as integer)
            as quality_complaints,
        cast(count(*) filter (where t.event = 'slow') as integer)
            as slow_parcels,
        cast(count(*) filter (where t.event = 'one') as integer) as one_stars,
        cast(count(*) filter (where t.event = 'two') as integer) as two_stars,
        cast(count(*) filter (where t.event = 'three') as integer)
            as three_stars,
        cast(count(*) filter (where t.event = 'four') as integer)
            as four_stars,
        cast(count(*) filter (where t.event = 'five') as integer)
            as five_stars
    from service_events as t
    cross join entity_types as k
    group by all
),

final as (
    select
        d.*,
        n.entity_key
    from day_counts as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from final
order by entity_key asc nulls last
