-- Sums of the refunds in the days before each snapshot, of every buyer who had any.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id        bigint  of population.observations
--          refunds_30d           double  refund requests, 30 days
--          refunds_90d           double  refund requests, 90 days
--          refund_usd_30d        double  USD requested, 30 days
--          refund_usd_90d        double  USD requested, 90 days
--          late_refunds_90d      double  requested 12+ days after order, 90 days
--          not_received_90d      double  claimed not received, 90 days
--          disproved_claims_90d  double  not received, yet delivered, 90 days
--          copied_claims_90d     double  words 3+ accounts used, 90 days
--          weighed_returns_90d   double  returns weighed, 90 days
--          light_returns_90d     double  under half the weight, 90 days
with refunds as (
    select
        s.observation_id,
        count(*) filter (where f.day >= s.as_of - 30) as refunds_30d,
        count(*) as refunds_90d,
        sum(cast(f.amount_usd as decimal(18, 6))) filter (
            where f.day >= s.as_of - 30
        ) as refund_usd_30d,
        sum(cast(f.amount_usd as decimal(18, 6))) as refund_usd_90d,
        sum(f.is_late) as late_refunds_90d,
        sum(f.is_not_received) as not_received_90d,
        sum(f.is_disproved) as disproved_claims_90d,
        sum(f.is_copied_claim) as copied_claims_90d
    from facts.refund_facts as f
    inner join population.buyer_spine as s
        on f.buyer_id = s.buyer_id and within(f.day, s.as_of, 90)
    group by s.observation_id
),

-- A parcel comes back after the refund was asked for.
returns as (
    select
        s.observation_id,
        sum(f.is_weighed_return) as weighed_returns_90d,
        sum(f.is_light_return) as light_returns_90d
    from facts.refund_facts as f
    inner join population.buyer_spine as s
        on f.buyer_id = s.buyer_id and within(f.refunded_day, s.as_of, 90)
    group by s.observation_id
),

final as (
    select
        coalesce(r.observation_id, w.observation_id) as observation_id,
        number(r.refunds_30d) as refunds_30d,
        number(r.refunds_90d) as refunds_90d,
        dollars(r.refund_usd_30d) as refund_usd_30d,
        dollars(r.refund_usd_90d) as refund_usd_90d,
        number(r.late_refunds_90d) as late_refunds_90d,
        number(r.not_received_90d) as not_received_90d,
        number(r.disproved_claims_90d) as disproved_claims_90d,
        number(r.copied_claims_90d) as copied_claims_90d,
        number(w.weighed_returns_90d) as weighed_returns_90d,
        number(w.light_returns_90d) as light_returns_90d
    from refunds as r
    full outer join returns as w on r.observation_id = w.observation_id
)

select * from final
