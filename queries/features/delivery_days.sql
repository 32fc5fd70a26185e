-- How each shop's, creator's and listing's parcels arrived on each day.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type       varchar  merchant, creator, product
--          entity_id         varchar
--          day               date
--          deliveries        integer  parcels delivered
--          light_parcels     integer  under half the weight
--          fast_deliveries   integer  under 12 h in transit
--          few_scan_parcels  integer  2 scans or fewer
--          late_dispatches   integer  over 48 h after order
--          number            bigint   of features.entity_numbers
with kinds as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

delivered as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            else f.product_id
        end as entity_id,
        f.day,
        cast(count(*) as integer) as deliveries,
        cast(sum(f.is_light) as integer) as light_parcels,
        cast(sum(f.is_fast_delivery) as integer) as fast_deliveries,
        cast(sum(f.is_few_scans) as integer) as few_scan_parcels,
        cast(sum(f.is_late_dispatch) as integer) as late_dispatches
    from features.delivery_facts as f
    cross join kinds as k
    where k.entity_type <> 'creator' or f.creator_id is not null
    group by all
),

described as (
    select
        d.*,
        n.number
    from delivered as d
    inner join features.entity_numbers as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from described
order by number asc nulls last
