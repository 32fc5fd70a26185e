-- Whom acting on some subjects would touch: goods under way, money, partners of good standing.
--
-- An order is on its way when it was paid in the last 30 days and is neither cancelled nor
-- delivered. Buyers and creators are touched where such an order of a subject is theirs and they
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
with subjects as (
    select distinct
        entity_key as node_key,
        entity_type,
        entity_id
    from subjects_of($keys)
),

counts as (
    select
        count(*) as subjects,
        cast(sum(flag(a.alert_id is null)) as bigint) as unqueued_count
    from subjects as s
    left join alerts.alerts as a
        on s.entity_type = a.entity_type and s.entity_id = a.entity_id
),

touched as materialized (
    select
        o.order_id,
        o.buyer_id,
        o.creator_id,
        o.paid_usd,
        o.paid_at,
        o.cancelled_at,
        m.entity_id is not null or p.entity_id is not null as is_sale,
        c.entity_id is not null or l.entity_id is not null as is_promoted,
        b.entity_id is not null as is_bought,
        c.entity_id is not null as is_by_creator
    from staging.orders as o
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
    where
        m.entity_id is not null
        or p.entity_id is not null
        or c.entity_id is not null
        or l.entity_id is not null
        or b.entity_id is not null
),

unsettled as materialized (
    select *
    from touched
    where
        paid_at >= cast($as_of as date) - interval 30 day
        and cancelled_at is null
),

-- Of an order of the last 30 days no parcel left before it was paid.
delivered as (
    select s.order_id
    from staging.shipments as s
    inner join unsettled as u on s.order_id = u.order_id
    where
        s.delivered_at is not null
        and s.shipped_at >= cast($as_of as date) - interval 30 day
),

orders as (
    select
        count(*) as order_count,
        dollars(sum(paid_usd)) as order_usd,
        count(distinct buyer_id)
        filter (where not is_bought and (is_sale or is_promoted))
            as waiting_buyers,
        count(distinct creator_id) filter (where not is_by_creator)
            as creator_count
    from unsettled
    where order_id not in (select order_id from delivered)
),

dues as (
    select
        t.amount_usd,
        t.eligible_at
    from staging.settlements as t
    inner join touched as o on t.order_id = o.order_id
    where
        o.is_sale
        and t.clawed_back_at is null
        and (t.settled_at is null or t.settled_at >= cast($as_of as date))
    union all
    select
        c.amount_usd,
        c.eligible_at
    from staging.commissions as c
    inner join touched as o on c.order_id = o.order_id
    where
        o.is_promoted
        and c.clawed_back_at is null
        and (c.paid_at is null or c.paid_at >= cast($as_of as date))
),

payouts as (
    select
        count(*) as payout_count,
        dollars(sum(amount_usd)) as payout_usd,
        cast(min(eligible_at) as date) as next_payout_day,
        coalesce(
            dollars(
                sum(amount_usd)
                filter (where eligible_at < cast($as_of as date))
            ),
            0.0
        ) as held_usd
    from dues
),

listings as (
    select count(distinct p.product_id) as listing_count
    from staging.products as p
    inner join subjects as s
        on
            s.entity_type = 'product' and p.product_id = s.entity_id
            or s.entity_type = 'merchant' and p.merchant_id = s.entity_id
    where p.removed_at is null or p.removed_at >= cast($as_of as date)
),

neighbours as (
    select e.dst as node
    from graph.edges as e
    inner join subjects as s on e.src = s.node_key
    union
    select e.src as node
    from graph.edges as e
    inner join subjects as s on e.dst = s.node_key
),

partners as (
    select count(*) as partner_count
    from neighbours as n
    inner join graph.entities as e on n.node = e.node
    left join alerts.alerts as a
        on e.entity_type = a.entity_type and e.entity_id = a.entity_id
    left join facts.verdicts as v
        on
            e.entity_type = v.entity_type
            and e.entity_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, cast($as_of as date))
    where
        a.alert_id is null
        and v.label_id is null
        and n.node not in (select node_key from subjects)
)

select
    c.subjects,
    c.unqueued_count,
    o.order_count,
    o.order_usd,
    o.waiting_buyers,
    o.creator_count,
    p.payout_count,
    p.payout_usd,
    p.next_payout_day,
    p.held_usd,
    l.listing_count,
    n.partner_count
from counts as c
cross join orders as o
cross join payouts as p
cross join listings as l
cross join partners as n
