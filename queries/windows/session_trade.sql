-- What had become of the orders of each live room at each snapshot.
--
-- A session is observed from the snapshot after it ended until 30 days after it:
-- by then parcels have arrived, regret has been voiced, and fee and commission
-- have left our reach. A session without orders has zeros.
--
-- grain:   live_session_id, as_of
-- params:  none
-- returns: live_session_id  varchar
--          as_of            date
--          orders           double   paid orders placed in the room
--          gmv_usd          double   USD paid
--          commission_usd   double   USD promised to the host
--          buyers           double   distinct buyers
--          early_orders     double   in its first 30 minutes
--          young_orders     double   of accounts under 7 days
--          crowded_orders   double   on devices of 3 accounts or more
--          cancelled        double   orders cancelled so far
--          refunds          double   orders asked to be refunded so far
--          mature_orders    double   delivered 15 days ago or more
--          late_mismatches  double   of those: not as described, days 5 to 15
--          complaints       double   goods differ, so far
--          disputes         double   disputed at the bank so far
with subjects as (
    select
        a.live_session_id,
        s.as_of
    from windows.session_audience as a
    inner join facts.snapshots as s
        on
            s.entity_type = 'live_session'
            and within(a.end_day, s.as_of, 30)
),

order_totals as (
    select
        t.live_session_id,
        t.as_of,
        cast(count(*) as double) as orders,
        cast(sum(cast(f.paid_usd as decimal(18, 6))) as double) as gmv_usd,
        cast(sum(cast(f.commission_usd as decimal(18, 6))) as double)
            as commission_usd,
        cast(count(distinct f.buyer_id) as double) as buyers,
        cast(sum(f.is_early) as double) as early_orders,
        cast(sum(f.is_young_account) as double) as young_orders,
        cast(sum(f.is_crowded_device) as double) as crowded_orders
    from subjects as t
    inner join facts.session_orders as f
        on
            t.live_session_id = f.live_session_id
            and t.as_of > f.placed_on
    group by t.live_session_id, t.as_of
),

-- Orders alike in their days of trouble count together.
outcome_groups as (
    select
        live_session_id,
        cancelled_on,
        refund_asked_on,
        mature_on,
        late_mismatch_on,
        complained_on,
        disputed_on,
        count(*) as orders
    from facts.session_orders
    group by
        live_session_id,
        cancelled_on,
        refund_asked_on,
        mature_on,
        late_mismatch_on,
        complained_on,
        disputed_on
),

outcomes as (
    select
        t.live_session_id,
        t.as_of,
        sum(case when f.cancelled_on < t.as_of then f.orders end)
            as cancelled,
        sum(case when f.refund_asked_on < t.as_of then f.orders end)
            as refunds,
        sum(case when f.mature_on < t.as_of then f.orders end)
            as mature_orders,
        sum(
            case
                when f.mature_on < t.as_of and f.late_mismatch_on is not null
                    then f.orders
            end
        ) as late_mismatches,
        sum(case when f.complained_on < t.as_of then f.orders end)
            as complaints,
        sum(case when f.disputed_on < t.as_of then f.orders end)
            as disputes
    from subjects as t
    inner join outcome_groups as f on t.live_session_id = f.live_session_id
    group by t.live_session_id, t.as_of
),

final as (
    select
        t.live_session_id,
        t.as_of,
        coalesce(p.orders, 0.0) as orders,
        coalesce(p.gmv_usd, 0.0) as gmv_usd,
        coalesce(p.commission_usd, 0.0) as commission_usd,
        coalesce(p.buyers, 0.0) as buyers,
        coalesce(p.early_orders, 0.0) as early_orders,
        coalesce(p.young_orders, 0.0) as young_orders,
        coalesce(p.crowded_orders, 0.0) as crowded_orders,
        number(f.cancelled) as cancelled,
        number(f.refunds) as refunds,
        number(f.mature_orders) as mature_orders,
        number(f.late_mismatches) as late_mismatches,
        number(f.complaints) as complaints,
        number(f.disputes) as disputes
    from subjects as t
    left join order_totals as p
        on t.live_session_id = p.live_session_id and t.as_of = p.as_of
    left join outcomes as f
        on t.live_session_id = f.live_session_id and t.as_of = f.as_of
)

select * from final
