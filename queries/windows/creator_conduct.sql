-- How each creator's rooms sound and what became of what they sold.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id              varchar
--          as_of                   date     only days before it count
--          arrival_peak_share_90d  double   most entries of a room in 5 minutes
--          machine_signs_90d       double   most signs in one room
--          slight_signs_30d        double   most slight signs in one room
--          comments_90d            double   sampled comments
--          script_comments_90d     double   of them from a script
--          account_comments_90d    double   of them by buyer accounts
--          comment_accounts_90d    double   distinct accounts
--          live_orders_90d         double   orders in live
--          room_orders_90d         double   in rooms that have ended
--          early_orders_90d        double   of those in a room's first 30 minutes
--          cancellations_90d       double   orders cancelled
--          late_mismatches_90d     double   not as described, days 5 to 15
--          complaints_90d          double   not as described or counterfeit
--          payouts_90d             double   commissions paid
--          paid_refunds_90d        double   refunds asked after the payout
--          follower_day_loss_30d   double   largest share lost in a day
with session_peaks as (
    select
        f.creator_id,
        s.as_of,
        max(f.arrival_peak_share) as arrival_peak_share_90d,
        max(f.machine_signs) as machine_signs_90d
    from facts.session_facts as f
    inner join days.snapshot_days as s
        on s.entity_type = 'creator' and f.day = s.day
    group by f.creator_id, s.as_of
),

slight_peaks as (
    select
        f.creator_id,
        s.as_of,
        max(f.slight_signs) as slight_signs_30d
    from windows.session_signs as f
    inner join facts.snapshots as s
        on s.entity_type = 'creator' and within(f.end_day, s.as_of, 30)
    group by f.creator_id, s.as_of
),

-- An account's last comment before the snapshot stands for the account.
comment_days as (
    select
        creator_id,
        day,
        next_day,
        count(*) as comments,
        sum(is_script) as script_comments,
        count(buyer_id) as account_comments
    from facts.comment_facts
    group by creator_id, day, next_day
),

comment_totals as (
    select
        f.creator_id,
        s.as_of,
        sum(f.comments) as comments_90d,
        sum(f.script_comments) as script_comments_90d,
        sum(f.account_comments) as account_comments_90d,
        sum(f.account_comments) filter (
            where f.next_day is null or f.next_day >= s.as_of
        ) as comment_accounts_90d
    from comment_days as f
    inner join days.snapshot_days as s
        on s.entity_type = 'creator' and f.day = s.day
    group by f.creator_id, s.as_of
),

trade_days as (
    select
        creator_id,
        day,
        count(*) filter (where event = 'live_order') as live_orders,
        count(*) filter (where event = 'room_order') as room_orders,
        count(*) filter (where event = 'early_order') as early_orders,
        count(*) filter (where event = 'cancellation') as cancellations,
        count(*) filter (where event = 'late_mismatch') as late_mismatches,
        count(*) filter (where event = 'complaint') as complaints,
        count(*) filter (where event = 'payout') as payouts,
        count(*) filter (where event = 'paid_refund') as paid_refunds
    from facts.promotion_facts
    group by creator_id, day
),

trade_totals as (
    select
        d.creator_id,
        s.as_of,
        sum(d.live_orders) as live_orders_90d,
        sum(d.room_orders) as room_orders_90d,
        sum(d.early_orders) as early_orders_90d,
        sum(d.cancellations) as cancellations_90d,
        sum(d.late_mismatches) as late_mismatches_90d,
        sum(d.complaints) as complaints_90d,
        sum(d.payouts) as payouts_90d,
        sum(d.paid_refunds) as paid_refunds_90d
    from trade_days as d
    inner join days.snapshot_days as s
        on s.entity_type = 'creator' and d.day = s.day
    group by d.creator_id, s.as_of
),

follower_days as (
    select
        creator_id,
        day,
        1.0 - followers / nullif(
            cast(
                lag(followers) over (
                    partition by creator_id
                    order by day
                ) as double
            ),
            0.0
        ) as lost_share
    from staging.creator_days
),

follower_losses as (
    select
        d.creator_id,
        s.as_of,
        max(d.lost_share) as follower_day_loss_30d
    from follower_days as d
    inner join days.snapshot_days as s
        on s.entity_type = 'creator' and d.day = s.day
    where s.age <= 30 and d.lost_share > 0.0
    group by d.creator_id, s.as_of
),

subjects as (
    select
        creator_id,
        as_of
    from session_peaks
    union
    select
        creator_id,
        as_of
    from comment_totals
    union
    select
        creator_id,
        as_of
    from trade_totals
    union
    select
        creator_id,
        as_of
    from follower_losses
),

final as (
    select
        t.creator_id,
        t.as_of,
        r.arrival_peak_share_90d,
        cast(r.machine_signs_90d as double) as machine_signs_90d,
        p.slight_signs_30d,
        number(c.comments_90d) as comments_90d,
        number(c.script_comments_90d) as script_comments_90d,
        number(c.account_comments_90d) as account_comments_90d,
        number(c.comment_accounts_90d) as comment_accounts_90d,
        number(o.live_orders_90d) as live_orders_90d,
        number(o.room_orders_90d) as room_orders_90d,
        number(o.early_orders_90d) as early_orders_90d,
        number(o.cancellations_90d) as cancellations_90d,
        number(o.late_mismatches_90d) as late_mismatches_90d,
        number(o.complaints_90d) as complaints_90d,
        number(o.payouts_90d) as payouts_90d,
        number(o.paid_refunds_90d) as paid_refunds_90d,
        coalesce(l.follower_day_loss_30d, 0.0) as follower_day_loss_30d
    from subjects as t
    left join session_peaks as r
        on t.creator_id = r.creator_id and t.as_of = r.as_of
    left join slight_peaks as p
        on t.creator_id = p.creator_id and t.as_of = p.as_of
    left join comment_totals as c
        on t.creator_id = c.creator_id and t.as_of = c.as_of
    left join trade_totals as o
        on t.creator_id = o.creator_id and t.as_of = o.as_of
    left join follower_losses as l
        on t.creator_id = l.creator_id and t.as_of = l.as_of
)

select * from final
