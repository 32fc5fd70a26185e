-- Live sessions of one creator that ended in a window.
--
-- grain:   live_session_id
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: live_session_id             varchar
--          title                       varchar    as typed
--          started_at                  timestamp  UTC
--          ended_at                    timestamp  UTC
--          merchant_id                 varchar    who pays the slot
--          impressions                 bigint     showings
--          views                       bigint     room entries
--          unique_viewers              bigint     accounts
--          peak_concurrent             bigint     accounts
--          watch_seconds_mean          double     seconds
--          watch_seconds_sd            double     seconds
--          comments                    bigint
--          distinct_comments           bigint
--          young_viewers               bigint     accounts under 30 days
--          viewer_devices              bigint     devices
--          follows                     bigint
--          product_clicks              bigint
--          slot_fee_usd                double     USD
with final as (
    select
        live_session_id,
        title,
        started_at,
        ended_at,
        merchant_id,
        impressions,
        views,
        unique_viewers,
        peak_concurrent,
        watch_seconds_mean,
        watch_seconds_sd,
        comments,
        distinct_comments,
        young_viewers,
        viewer_devices,
        follows,
        product_clicks,
        slot_fee_usd
    from staging.live_sessions
    where
        creator_id = $entity_id
        and within(cast(ended_at as date), $as_of, $days)
)

select * from final
order by ended_at desc nulls last, live_session_id desc
