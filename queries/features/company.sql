-- The company an account keeps by what it shares, as known at each snapshot.
--
-- A companion is counted by the first thing the two shared. A tie of a second kind
-- counts double: who shares two kinds of things is nearer than two who share one.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type   varchar  merchant, creator, buyer
--          entity_id     varchar
--          as_of         date
--          companions    double   accounts it shares something with
--          close         double   of these, accounts it shares a second kind with
--          strength      double   ties by rarity, times their kind, summed
--          bad_share     double   share 0..1 confirmed bad, drawn to the base rate
--          apart_days    double   days between registrations, mean over companions
--          refunds_90d   double   refunds per companion in 90 days
--          max_refunds   double   most refunds of one companion in 90 days
--          vouchers_90d  double   new-buyer vouchers per companion in 90 days
with summed as (
    select
        d.described_id,
        cast(sum(c.is_first) as double) as companions,
        cast(sum(c.is_close) as double) as close,
        cast(sum(cast(c.weight * c.kind as decimal(18, 9))) as double)
            as strength,
        cast(sum(c.is_first * c.apart_days) as double) as apart_days
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
    group by d.described_id
),

judged as (
    select
        c.entity_type,
        c.entity_id,
        c.known_from,
        c.known_until,
        v.known_day,
        v.replaced_day
    from features.companions as c
    inner join features.verdicts as v
        on c.entity_type = v.entity_type and c.companion_id = v.entity_id
    where c.is_first = 1 and v.label = 'bad'
),

confirmed as (
    select
        d.described_id,
        count(*) as confirmed_bad
    from judged as j
    inner join features.described as d
        on
            j.entity_type = d.entity_type
            and j.entity_id = d.entity_id
            and j.known_from < cast(d.as_of as timestamp)
            and (
                j.known_until is null
                or j.known_until >= cast(d.as_of as timestamp)
            )
            and j.known_day < d.as_of
            and (j.replaced_day is null or j.replaced_day >= d.as_of)
    group by d.described_id
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

witnessed as (
    select
        c.entity_id,
        c.companion_id,
        c.known_from,
        c.known_until,
        v.day,
        v.is_refund,
        v.is_voucher
    from features.companions as c
    inner join events as v on c.companion_id = v.buyer_id
    where c.entity_type = 'buyer' and c.is_first = 1
),

done as (
    select
        d.described_id,
        w.companion_id,
        sum(w.is_refund) as refunds,
        sum(w.is_voucher) as vouchers
    from witnessed as w
    inner join features.described as d
        on
            d.entity_type = 'buyer'
            and w.entity_id = d.entity_id
            and w.known_from < cast(d.as_of as timestamp)
            and (
                w.known_until is null
                or w.known_until >= cast(d.as_of as timestamp)
            )
            and w.day < d.as_of
            and w.day >= d.as_of - 90
    group by d.described_id, w.companion_id
),

deeds as (
    select
        described_id,
        cast(sum(refunds) as double) as refunds,
        cast(max(refunds) as double) as max_refunds,
        cast(sum(vouchers) as double) as vouchers
    from done
    group by described_id
),

described as (
    select
        d.entity_type,
        d.entity_id,
        d.as_of,
        s.companions,
        s.close,
        s.strength,
        case
            when s.companions > 0.0
                then
                    (coalesce(c.confirmed_bad, 0) + 5.0 * r.base_rate)
                    / (s.companions + 5.0)
        end as bad_share,
        s.apart_days / nullif(s.companions, 0.0) as apart_days,
        coalesce(w.refunds, 0.0) / nullif(s.companions, 0.0) as refunds_90d,
        case
            when s.companions > 0.0 then coalesce(w.max_refunds, 0.0)
        end as max_refunds,
        coalesce(w.vouchers, 0.0) / nullif(s.companions, 0.0) as vouchers_90d
    from summed as s
    inner join features.described as d on s.described_id = d.described_id
    inner join features.base_rates as r
        on d.entity_type = r.entity_type and d.as_of = r.as_of
    left join confirmed as c on s.described_id = c.described_id
    left join deeds as w on s.described_id = w.described_id
)

select * from described
