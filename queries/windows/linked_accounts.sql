-- Accounts that share identifiers with each account, as known at each snapshot.
--
-- A neighbour counts once, as long as anything ties the two that is no crowd's yet. A
-- tie of a second kind counts double: who shares two kinds of things is nearer.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type     varchar  merchant, creator, buyer
--          entity_id       varchar
--          as_of           date
--          neighbours      double   accounts it shares something with
--          close           double   of these, accounts it shares two kinds with
--          strength        double   ties by rarity, times their kind, summed
--          bad_share       double   share 0..1 confirmed bad, drawn to the base rate
--          apart_days      double   days between registrations, mean over neighbours
--          refunds_90d     double   refunds per neighbour in 90 days; of buyers only
--          max_refunds     double   most refunds of one neighbour; of buyers only
--          vouchers_90d    double   new-buyer vouchers per neighbour; of buyers only
--          refunds_sd      double   sd of refunds over two neighbours or more; same
--          refunds_log     double   ln(1 + refunds of all neighbours); same
--          low_raters      double   rated badly where it did, 90 days; same
--          observation_id  bigint   of population.observations
with spine as (
    select
        observation_id,
        entity_key,
        as_of
    from population.seller_spine
    union all
    select
        observation_id,
        entity_key,
        as_of
    from population.buyer_spine
),

ties as (
    select
        d.observation_id,
        c.neighbour_key,
        max(d.as_of) as as_of,
        case
            when min(c.relation_key) < max(c.relation_key) then 1 else 0
        end as is_close,
        sum(cast(c.weight * c.kind as decimal(18, 9))) as strength,
        max(c.apart_days) as apart_days
    from similarity.shared_identifier_neighbours as c
    inner join spine as d
        on
            c.entity_key = d.entity_key
            and valid_at(c.known_from, c.known_until, d.as_of)
    group by d.observation_id, c.neighbour_key
),

totals as (
    select
        observation_id,
        cast(count(*) as double) as neighbours,
        cast(sum(is_close) as double) as close,
        cast(sum(strength) as double) as strength,
        cast(sum(apart_days) as double) as apart_days
    from ties
    group by observation_id
),

bad_verdicts as (
    select
        n.entity_key,
        v.known_day,
        v.replaced_day
    from facts.verdicts as v
    inner join facts.entity_keys as n
        on v.entity_type = n.entity_type and v.entity_id = n.entity_id
    where v.label = 'bad'
),

bad_neighbours as (
    select
        a.observation_id,
        count(*) as confirmed_bad
    from ties as a
    inner join bad_verdicts as v
        on
            a.neighbour_key = v.entity_key
            and in_force(v.known_day, v.replaced_day, a.as_of)
    group by a.observation_id
),

events as (
    select
        buyer_id,
        day,
        1 as is_refund,
        0 as is_voucher
    from facts.refund_facts
    union all
    select
        buyer_id,
        day,
        0 as is_refund,
        1 as is_voucher
    from facts.order_facts
    where is_new_buyer_voucher = 1
),

neighbour_events as (
    select
        a.observation_id,
        a.neighbour_key,
        sum(v.is_refund) as refunds,
        sum(v.is_voucher) as vouchers
    from events as v
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and v.buyer_id = n.entity_id
    inner join ties as a
        on n.entity_key = a.neighbour_key and within(v.day, a.as_of, 90)
    group by a.observation_id, a.neighbour_key
),

event_totals as (
    select
        observation_id,
        cast(sum(refunds) as double) as refunds,
        cast(max(refunds) as double) as max_refunds,
        cast(sum(refunds * refunds) as double) as refund_squares,
        cast(sum(vouchers) as double) as vouchers
    from neighbour_events
    group by observation_id
),

final as (
    select
        d.entity_type,
        d.entity_id,
        d.as_of,
        s.neighbours,
        s.close,
        s.strength,
        smoothed_rate(coalesce(c.confirmed_bad, 0), s.neighbours, r.base_rate)
            as bad_share,
        s.apart_days / s.neighbours as apart_days,
        case
            when d.entity_type = 'buyer'
                then coalesce(w.refunds, 0.0) / s.neighbours
        end as refunds_90d,
        case
            when d.entity_type = 'buyer' then coalesce(w.max_refunds, 0.0)
        end as max_refunds,
        case
            when d.entity_type = 'buyer'
                then coalesce(w.vouchers, 0.0) / s.neighbours
        end as vouchers_90d,
        case
            when d.entity_type = 'buyer' and s.neighbours > 1.0
                then
                    sqrt(
                        greatest(
                            coalesce(w.refund_squares, 0.0)
                            - coalesce(w.refunds, 0.0)
                            * (coalesce(w.refunds, 0.0) / s.neighbours),
                            0.0
                        ) / (s.neighbours - 1.0)
                    )
        end as refunds_sd,
        case
            when d.entity_type = 'buyer'
                then ln(1.0 + coalesce(w.refunds, 0.0))
        end as refunds_log,
        case
            when d.entity_type = 'buyer' then coalesce(g.low_raters_90d, 0.0)
        end as low_raters,
        d.observation_id
    from totals as s
    inner join population.observations as d
        on s.observation_id = d.observation_id
    inner join population.base_rates as r
        on d.entity_type = r.entity_type and d.as_of = r.as_of
    left join bad_neighbours as c on s.observation_id = c.observation_id
    left join event_totals as w
        on s.observation_id = w.observation_id
    left join windows.co_targeted_shops as g
        on s.observation_id = g.observation_id
)

select * from final
