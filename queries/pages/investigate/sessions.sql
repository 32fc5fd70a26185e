-- One page of a creator's live sessions with what the audience did.
--
-- grain:   live_session_id
-- params:  entity_id  varchar
--          limit      bigint
--          offset     bigint
-- returns: live_session_id     varchar
--          started_at          timestamp
--          title               varchar    as typed: hostile until escaped
--          views               bigint
--          peak_concurrent     bigint
--          watch_seconds_mean  double     seconds
--          comments            bigint
--          distinct_share      double     distinct comments / comments
--          young_share         double     viewers under 30 days / viewers
--          product_clicks      bigint
--          orders              bigint
--          slot_fee_usd        double
--          total_count         bigint     sessions in all, before limit
with page as (
    select
        *,
        count(*) over () as total_count
    from staging.live_sessions
    where creator_id = $entity_id
    order by started_at desc nulls last, live_session_id asc nulls last
    limit $limit offset $offset
),

order_counts as (
    select
        live_session_id,
        count(*) as orders
    from staging.orders
    where live_session_id in (select p.live_session_id from page as p)
    group by live_session_id
)

select
    s.live_session_id,
    cast(s.started_at as timestamp) as started_at,
    s.title,
    cast(s.views as bigint) as views,
    cast(s.peak_concurrent as bigint) as peak_concurrent,
    cast(s.watch_seconds_mean as double) as watch_seconds_mean,
    cast(s.comments as bigint) as comments,
    cast(
        s.distinct_comments / nullif(cast(s.comments as double), 0) as double
    ) as distinct_share,
    cast(
        s.young_viewers / nullif(cast(s.unique_viewers as double), 0) as double
    ) as young_share,
    cast(s.product_clicks as bigint) as product_clicks,
    cast(coalesce(b.orders, 0) as bigint) as orders,
    cast(s.slot_fee_usd as double) as slot_fee_usd,
    cast(s.total_count as bigint) as total_count
from page as s
left join order_counts as b on s.live_session_id = b.live_session_id
order by s.started_at desc nulls last, s.live_session_id asc nulls last
