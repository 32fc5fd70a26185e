-- How well each shop and listing serves, among its category, at the latest snapshot.
--
-- service_index = 100 * (1 - mean place of its known parts), where a part's place is
-- the share of the category's shops (listings) that are strictly better in it: 100
-- is best in everything, 0 worst in everything. Parts: refunds, not-received claims,
-- quality refunds, low stars, complaints, bank disputes, late dispatches and slow
-- parcels. At least three parts must be known and each needs 20 peers, else there is
-- no row. It says nothing about honesty and enters no score.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type    varchar  merchant, product
--          entity_id      varchar
--          as_of          date     the latest snapshot
--          category       varchar
--          service_index  double   0..100, high is good
--          parts          bigint   parts that are known
--          peers          bigint   entities compared in its rarest part
--          worst_part     varchar  the part with the worst place
with latest as (
    select
        'merchant' as entity_type,
        f.merchant_id as entity_id,
        f.as_of,
        f.refund_rate_90d,
        f.not_received_rate_90d,
        f.low_quality_rate_90d,
        f.low_star_share_90d,
        f.complaint_rate_90d,
        f.dispute_rate_90d,
        f.late_dispatch_share_30d,
        f.slow_parcel_share_30d
    from features.merchant as f
    inner join facts.snapshots as s
        on s.entity_type = 'merchant' and f.as_of = s.as_of and s.is_latest
    union all
    select
        'product' as entity_type,
        f.product_id as entity_id,
        f.as_of,
        f.refund_rate_90d,
        f.not_received_rate_90d,
        f.low_quality_rate_90d,
        f.low_star_share_90d,
        f.complaint_rate_90d,
        f.dispute_rate_90d,
        f.late_dispatch_share_30d,
        f.slow_parcel_share_30d
    from features.product as f
    inner join facts.snapshots as s
        on s.entity_type = 'product' and f.as_of = s.as_of and s.is_latest
),

-- One row for each part that is known.
part_values as (
    select
        entity_type,
        entity_id,
        as_of,
        part,
        amount
    from latest
    unpivot (
        amount for part in (
            refund_rate_90d,
            not_received_rate_90d,
            low_quality_rate_90d,
            low_star_share_90d,
            complaint_rate_90d,
            dispute_rate_90d,
            late_dispatch_share_30d,
            slow_parcel_share_30d
        )
    )
),

places as (
    select
        m.entity_type,
        m.entity_id,
        m.as_of,
        e.category,
        m.part,
        m.amount,
        count(*) over (partition by m.entity_type, e.category, m.part)
            as peers,
        percent_rank() over (
            partition by m.entity_type, e.category, m.part
            order by m.amount asc nulls last
        ) as place
    from part_values as m
    inner join graph.entities as e
        on m.entity_type = e.entity_type and m.entity_id = e.entity_id
),

worst_first as (
    select
        *,
        row_number() over (
            partition by entity_type, entity_id
            order by place desc nulls last, part asc nulls last
        ) as number
    from places
    where peers >= least_peers()
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        category,
        round(100.0 * (1.0 - sum(place) / count(*)), 3) as service_index,
        count(*) as parts,
        min(peers) as peers,
        max(part) filter (where number = 1) as worst_part
    from worst_first
    group by entity_type, entity_id, as_of, category
    having count(*) >= 3
)

select * from final
