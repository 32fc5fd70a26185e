-- One live room as its audience left it, with what it sold.
--
-- grain:   live_session_id
-- params:  entity_id           varchar    the live session
--          as_of               date       what was known before this day
-- returns: live_session_id     varchar
--          title               varchar    as typed
--          creator_id          varchar    the host
--          merchant_id         varchar    who pays the slot
--          started_at          timestamp  UTC
--          ended_at            timestamp  UTC
--          impressions         bigint     showings
--          views               bigint     room entries
--          unique_viewers      bigint     accounts
--          viewer_devices      bigint     devices
--          young_viewers       bigint     accounts under 30 days
--          peak_concurrent     bigint     most at once
--          watch_seconds_mean  double     seconds
--          watch_seconds_sd    double     seconds
--          comments            bigint
--          distinct_comments   bigint
--          follows             bigint
--          product_clicks      bigint
--          orders              bigint
--          gmv_usd             double     USD paid
--          slot_fee_usd        double     USD
with session_orders as (
    select
        live_session_id,
        count(*) as orders,
        cast(sum(cast(paid_usd as decimal(18, 6))) as double) as gmv_usd
    from facts.session_orders
    where live_session_id = $entity_id and placed_on < $as_of
    group by live_session_id
),

final as (
    select
        s.live_session_id,
        s.title,
        s.creator_id,
        s.merchant_id,
        s.started_at,
        s.ended_at,
        s.impressions,
        s.views,
        s.unique_viewers,
        s.viewer_devices,
        s.young_viewers,
        s.peak_concurrent,
        s.watch_seconds_mean,
        s.watch_seconds_sd,
        s.comments,
        s.distinct_comments,
        s.follows,
        s.product_clicks,
        coalesce(o.orders, 0) as orders,
        coalesce(o.gmv_usd, 0.0) as gmv_usd,
        s.slot_fee_usd
    from staging.live_sessions as s
    left join session_orders as o on s.live_session_id = o.live_session_id
    where
        s.live_session_id = $entity_id
        and cast(s.ended_at as date) < $as_of
)

select * from final
