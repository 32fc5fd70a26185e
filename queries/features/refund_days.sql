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
--          number               bigint         of features.entity_numbers
with kinds as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

refunded as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            else f.product_id
        end as entity_id,
        f.day,
        cast(count(*) as integer) as refunds,
        cast(sum(cast(f.amount_usd as decimal(18, 6))) as decimal(18, 6))
            as refund_usd,
        cast(sum(f.is_late) as integer) as late_refunds,
        cast(sum(f.is_not_received) as integer) as not_received,
        cast(sum(f.is_disproved) as integer) as disproved_claims,
        cast(sum(f.is_low_quality) as integer) as low_quality_refunds,
        cast(sum(f.is_copied_claim) as integer) as copied_claims
    from features.refund_facts as f
    cross join kinds as k
    where k.entity_type <> 'creator' or f.creator_id is not null
    group by all
),

described as (
    select
        d.*,
        n.number
    from refunded as d
    inner join features.entity_numbers as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from described
order by number asc nulls last
