-- The company an account keeps by what it shares, as known at each snapshot.
--
-- Who shares two kinds of things is nearer than two who share one each: a companion
-- counts with the sum of its ties times the number of their kinds.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type     varchar  merchant, creator, buyer
--          entity_id       varchar
--          as_of           date
--          companions      double   accounts it shares something with
--          close           double   of these, accounts it shares two kinds with
--          strength        double   ties by rarity, times kinds, summed
--          confirmed_bad   double   companions whose last verdict is bad
--          bad_share       double   share 0..1 of these, drawn to the base rate
--          apart_days      double   days between registrations, mean over companions
--          refunds_90d     double   refunds per companion in 90 days
--          max_refunds     double   most refunds of one companion in 90 days
--          vouchers_90d    double   new-buyer vouchers per companion in 90 days
with ties as (
    select
        d.described_id,
        c.companion_id,
        c.relation,
        c.weight
    from features.companions as c
    inner join features.described as d
        on
            c.entity_type = d.entity_type
            and c.entity_id = d.entity_id
            and c.known_from < cast(d.as_of as timestamp)
            and (
                c.known_until is null
                or c.known_until >= cast(d.as_of as timestamp)
            )
),

companions as (
    select
        t.described_id,
        t.companion_id,
        sum(cast(t.weight as decimal(18, 9))) as weight,
        max(case when t.relation = 'device' then 1 else 0 end)
        + max(case when t.relation = 'ip' then 1 else 0 end)
        + max(case when t.relation = 'address' then 1 else 0 end)
        + max(case when t.relation = 'payment_token' then 1 else 0 end)
        + max(case when t.relation = 'bank_account' then 1 else 0 end)
            as kinds
    from ties as t
    group by t.described_id, t.companion_id
),

events as (
    select
        buyer_id,
        day,
        1 as is_refund,
        0 as is_voucher
    from features.refund_facts
    union all
    select
        buyer_id,
        day,
        0 as is_refund,
        1 as is_voucher
    from features.order_facts
    where is_new_buyer_voucher = 1
),

known as (
    select
        d.described_id,
        d.entity_type,
        d.as_of,
        d.entity_id,
        c.companion_id,
        c.weight,
        c.kinds,
        e.registered_at
    from companions as c
    inner join features.described as d on c.described_id = d.described_id
    inner join graph.entities as e
        on d.entity_type = e.entity_type and c.companion_id = e.entity_id
),

done as (
    select
        k.described_id,
        k.companion_id,
        sum(v.is_refund) as refunds,
        sum(v.is_voucher) as vouchers
    from known as k
    inner join events as v
        on
            k.companion_id = v.buyer_id
            and k.as_of > v.day
            and k.as_of - 90 <= v.day
    where k.entity_type = 'buyer'
    group by k.described_id, k.companion_id
),

summed as (
    select
        k.described_id,
        cast(count(*) as double) as companions,
        cast(count(*) filter (where k.kinds > 1) as double) as close,
        cast(sum(k.weight * k.kinds) as double) as strength,
        cast(count(v.label_id) as double) as confirmed_bad,
        cast(
            sum(abs(date_diff('day', k.registered_at, o.registered_at)))
            as double
        ) as apart_days,
        cast(coalesce(sum(w.refunds), 0) as double) as refunds,
        cast(coalesce(max(w.refunds), 0) as double) as max_refunds,
        cast(coalesce(sum(w.vouchers), 0) as double) as vouchers
    from known as k
    inner join graph.entities as o
        on k.entity_type = o.entity_type and k.entity_id = o.entity_id
    left join features.verdicts as v
        on
            k.entity_type = v.entity_type
            and v.label = 'bad'
            and k.companion_id = v.entity_id
            and k.as_of > v.known_day
            and (v.replaced_day is null or k.as_of <= v.replaced_day)
    left join done as w
        on
            k.described_id = w.described_id
            and k.companion_id = w.companion_id
    group by k.described_id
),

described as (
    select
        d.entity_type,
        d.entity_id,
        d.as_of,
        s.companions,
        s.close,
        s.strength,
        s.confirmed_bad,
        (s.confirmed_bad + 5.0 * r.base_rate) / (s.companions + 5.0)
            as bad_share,
        s.apart_days / s.companions as apart_days,
        s.refunds / s.companions as refunds_90d,
        s.max_refunds,
        s.vouchers / s.companions as vouchers_90d
    from summed as s
    inner join features.described as d on s.described_id = d.described_id
    inner join features.base_rates as r
        on d.entity_type = r.entity_type and d.as_of = r.as_of
)

select * from described
