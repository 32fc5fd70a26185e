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
--          entity_key        bigint   of facts.entity_keys
-- What has no creator falls into a group without an id, which has no number.
with day_totals as (
    select
        case
            when grouping(merchant_id) = 0 then 'merchant'
            when grouping(creator_id) = 0 then 'creator'
            else 'product'
        end as entity_type,
        coalesce(merchant_id, creator_id, product_id) as entity_id,
        day,
        cast(count(*) as integer) as deliveries,
        cast(sum(is_light) as integer) as light_parcels,
        cast(sum(is_fast_delivery) as integer) as fast_deliveries,
        cast(sum(is_few_scans) as integer) as few_scan_parcels,
        cast(sum(is_late_dispatch) as integer) as late_dispatches
    from facts.delivery_facts
    group by
        grouping sets (
            (merchant_id, day), (creator_id, day), (product_id, day)
        )
),

final as (
    select
        d.*,
        n.entity_key
    from day_totals as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from final
order by entity_key asc nulls last
