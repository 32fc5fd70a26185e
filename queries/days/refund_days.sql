-- What was asked back of each shop, creator and listing on each day.
--
-- Money stays an exact decimal, so that sums of days add up to the cent however
-- they are cut.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type          varchar        merchant, creator, product
--          entity_id            varchar
--          day                  date
--          refunds              integer        refund requests
--          refund_usd           decimal(18,6)  USD requested
--          late_refunds         integer        requested 12+ days after order
--          not_received         integer        claimed not received
--          disproved_claims     integer        not received, yet delivered
--          low_quality_refunds  integer        defective or not as described
--          copied_claims        integer        words 3+ accounts used
--          entity_key           bigint         of facts.entity_keys
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
        cast(count(*) as integer) as refunds,
        cast(sum(cast(amount_usd as decimal(18, 6))) as decimal(18, 6))
            as refund_usd,
        cast(sum(is_late) as integer) as late_refunds,
        cast(sum(is_not_received) as integer) as not_received,
        cast(sum(is_disproved) as integer) as disproved_claims,
        cast(sum(is_low_quality) as integer) as low_quality_refunds,
        cast(sum(is_copied_claim) as integer) as copied_claims
    from facts.refund_facts
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
