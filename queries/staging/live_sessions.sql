-- One row per live stream with what its audience did, known when it ended.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id     varchar    liv_...
--          creator_id          varchar    -> creators.creator_id
--          merchant_id         varchar    the shop that pays the slot, if one
--          title               varchar
--          started_at          timestamp
--          ended_at            timestamp
--          impressions         bigint     showings
--          views               bigint     room entries
--          unique_viewers      bigint     accounts
--          peak_concurrent     bigint     accounts
--          watch_seconds_mean  double     seconds
--          watch_seconds_sd    double     seconds
--          comments            bigint     comments
--          distinct_comments   bigint     distinct texts
--          young_viewers       bigint     viewer accounts younger than 30 days
--          viewer_devices      bigint     distinct devices
--          follows             bigint     accounts
--          product_clicks      bigint     clicks
--          slot_fee_usd        double     USD
--          currency            varchar
--          usd_per_unit        double     USD per currency unit
--          day                 date       UTC day of started_at
with source as (
    select * from raw.live_sessions
),

final as (
    select
        cast(live_session_id as varchar) as live_session_id,
        cast(creator_id as varchar) as creator_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(title as varchar) as title,
        cast(started_at as timestamp) as started_at,
        cast(ended_at as timestamp) as ended_at,
        cast(impressions as bigint) as impressions,
        cast(views as bigint) as views,
        cast(unique_viewers as bigint) as unique_viewers,
        cast(peak_concurrent as bigint) as peak_concurrent,
        cast(watch_seconds_mean as double) as watch_seconds_mean,
        cast(watch_seconds_sd as double) as watch_seconds_sd,
        cast(comments as bigint) as comments,
        cast(distinct_comments as bigint) as distinct_comments,
        cast(young_viewers as bigint) as young_viewers,
        cast(viewer_devices as bigint) as viewer_devices,
        cast(follows as bigint) as follows,
        cast(product_clicks as bigint) as product_clicks,
        usd(slot_fee_minor, currency, usd_per_unit) as slot_fee_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(started_at as date) as day
    from source
)

select * from final
