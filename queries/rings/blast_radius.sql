-- Whom acting on every member of a ring would hurt who did nothing.
--
-- In good standing is who was found good, or was never found bad and is below Medium. What
-- is in flight is paid for in the last 30 days, neither delivered nor given back.
--
-- grain:   ring_id
-- params:  as_of  date  the day of the build
-- returns: ring_id             varchar
--          good_member_count   bigint  members in good standing
--          waiting_buyers      bigint  buyers outside, in good standing, with orders in flight
--          flight_orders       bigint  those orders, at its shops
--          flight_usd          double  USD they paid
--          held_usd            double  USD of payouts held of its shops and creators
--          good_held_usd       double  USD of it, of members in good standing
with verdicts as (
    select
        entity_type,
        entity_id,
        label
    from facts.verdicts
    where in_force(known_day, replaced_day, $as_of)
),

members as (
    select
        m.ring_id,
        m.entity_type,
        m.entity_id,
        coalesce(
            v.label = 'good',
            band_rank(p.score_band) = 0
        ) as is_good
    from rings.members as m
    left join verdicts as v
        on m.entity_type = v.entity_type and m.entity_id = v.entity_id
    left join alerts.probabilities as p
        on m.entity_type = p.entity_type and m.entity_id = p.entity_id
),

standings as (
    select
        ring_id,
        sum(flag(is_good)) as good_member_count
    from members
    group by ring_id
),

flights as (
    select
        s.ring_id,
        o.buyer_id,
        o.order_id,
        o.paid_usd
    from staging.orders as o
    inner join members as s
        on o.merchant_id = s.entity_id and s.entity_type = 'merchant'
    left join members as b
        on
            o.buyer_id = b.entity_id
            and b.entity_type = 'buyer'
            and s.ring_id = b.ring_id
    left join verdicts as v
        on o.buyer_id = v.entity_id and v.entity_type = 'buyer'
    left join alerts.probabilities as p
        on o.buyer_id = p.entity_id and p.entity_type = 'buyer'
    where
        b.entity_id is null
        and o.cancelled_at is null
        and within(o.day, $as_of, loss_days())
        and coalesce(v.label = 'good', band_rank(p.score_band) = 0)
        and not exists (
            select 1
            from staging.shipments as h
            where h.order_id = o.order_id and h.delivered_at is not null
        )
        and not exists (
            select 1
            from staging.refunds as r
            where r.order_id = o.order_id and r.refunded_at is not null
        )
),

in_flight as (
    select
        ring_id,
        count(distinct buyer_id) as waiting_buyers,
        count(*) as flight_orders,
        sum(paid_usd) as flight_usd
    from flights
    group by ring_id
),

-- What is held for a listing is held for its shop: counted there.
payouts as (
    select
        m.ring_id,
        sum(h.held_usd) as held_usd,
        sum(if(m.is_good, h.held_usd, 0.0)) as good_held_usd
    from members as m
    inner join alerts.held_money as h
        on m.entity_type = h.entity_type and m.entity_id = h.entity_id
    where m.entity_type in ('merchant', 'creator')
    group by m.ring_id
),

final as (
    select
        s.ring_id,
        cast(s.good_member_count as bigint) as good_member_count,
        coalesce(f.waiting_buyers, 0) as waiting_buyers,
        coalesce(f.flight_orders, 0) as flight_orders,
        dollars(f.flight_usd) as flight_usd,
        dollars(p.held_usd) as held_usd,
        dollars(p.good_held_usd) as good_held_usd
    from standings as s
    left join in_flight as f on s.ring_id = f.ring_id
    left join payouts as p on s.ring_id = p.ring_id
)

select * from final
