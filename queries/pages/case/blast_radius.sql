-- Whom acting on some subjects would touch: goods under way, money, partners of good standing.
--
-- Buyers and creators are touched where an order under way of a subject is theirs and they
-- are no subject. Money to come is of their sales (shops, listings) or their commission (creators,
-- rooms). A partner traded or was linked with a subject; good standing = neither alerted nor
-- called bad.
--
-- grain:   subjects
-- params:  keys   varchar[]  list of type:id that would be acted on
--          as_of  date       day of the build
-- returns: subjects         bigint
--          unqueued_count   bigint  subjects for whom no alert speaks
--          order_count      bigint  paid orders on their way to or from them
--          order_usd        double
--          waiting_buyers   bigint  buyers outside who wait for goods of theirs
--          creator_count    bigint  creators outside who earn from these orders
--          payout_count     bigint  payouts to them that are still to come
--          payout_usd       double
--          next_payout_day  date    null = none
--          held_usd         double  of the payouts, past their day: held already
--          listing_count    bigint  listings of theirs that are open
--          partner_count    bigint  partners of good standing
-- Live rooms have no key, and no partners.
with subjects as materialized (
    select
        s.entity_type,
        s.entity_id,
        k.entity_key
    from subjects_of($keys) as s
    left join facts.entity_keys as k
        on s.entity_type = k.entity_type and s.entity_id = k.entity_id
),

counts as (
    select
        count(*) as subjects,
        cast(sum(flag(a.alert_id is null)) as bigint) as unqueued_count
    from subjects as s
    left join alerts.alerts as a
        on s.entity_type = a.entity_type and s.entity_id = a.entity_id
),

parties as (
    select
        o.buyer_id,
        o.creator_id,
        o.paid_usd,
        o.is_under_way,
        o.settlement_count,
        o.settlement_usd,
        o.settlement_day,
        o.settlement_held_usd,
        o.commission_count,
        o.commission_usd,
        o.commission_day,
        o.commission_held_usd,
        m.entity_id is not null or p.entity_id is not null as is_sale,
        c.entity_id is not null or l.entity_id is not null as is_promoted,
        b.entity_id is not null as is_bought,
        c.entity_id is not null as is_by_creator
    from alerts.open_orders as o
    left join subjects as m
        on m.entity_type = 'merchant' and o.merchant_id = m.entity_id
    left join subjects as p
        on p.entity_type = 'product' and o.product_id = p.entity_id
    left join subjects as c
        on c.entity_type = 'creator' and o.creator_id = c.entity_id
    left join subjects as l
        on l.entity_type = 'live_session' and o.live_session_id = l.entity_id
    left join subjects as b
        on b.entity_type = 'buyer' and o.buyer_id = b.entity_id
),

orders as (
    select
        count(*) filter (where is_under_way) as order_count,
        dollars(sum(paid_usd) filter (where is_under_way)) as order_usd,
        count(distinct buyer_id)
        filter (
            where is_under_way and not is_bought and (is_sale or is_promoted)
        ) as waiting_buyers,
        count(distinct creator_id)
        filter (where is_under_way and not is_by_creator) as creator_count,
        cast(
            coalesce(sum(settlement_count) filter (where is_sale), 0)
            + coalesce(sum(commission_count) filter (where is_promoted), 0)
            as bigint
        ) as payout_count,
        dollars(
            coalesce(sum(settlement_usd) filter (where is_sale), 0.0)
            + coalesce(sum(commission_usd) filter (where is_promoted), 0.0)
        ) as payout_usd,
        least(
            min(settlement_day) filter (where is_sale),
            min(commission_day) filter (where is_promoted)
        ) as next_payout_day,
        dollars(
            coalesce(sum(settlement_held_usd) filter (where is_sale), 0.0)
            + coalesce(sum(commission_held_usd) filter (where is_promoted), 0.0)
        ) as held_usd
    from parties
    where is_sale or is_promoted or is_bought
),

listings as (
    select count(distinct p.product_id) as listing_count
    from staging.products as p
    left join subjects as s
        on s.entity_type = 'product' and p.product_id = s.entity_id
    left join subjects as m
        on m.entity_type = 'merchant' and p.merchant_id = m.entity_id
    where
        (s.entity_id is not null or m.entity_id is not null)
        and (p.removed_at is null or p.removed_at >= cast($as_of as date))
),

partners as (
    select count(distinct p.partner_key) as partner_count
    from alerts.partners as p
    inner join subjects as s on p.entity_key = s.entity_key
    left join subjects as o on p.partner_key = o.entity_key
    where o.entity_id is null
)

select
    c.subjects,
    c.unqueued_count,
    o.order_count,
    o.order_usd,
    o.waiting_buyers,
    o.creator_count,
    o.payout_count,
    o.payout_usd,
    o.next_payout_day,
    o.held_usd,
    l.listing_count,
    n.partner_count
from counts as c
cross join orders as o
cross join listings as l
cross join partners as n
