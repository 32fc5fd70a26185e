-- Each live room beside its host's earlier rooms and beside rooms of its peers.
--
-- Own: every room of the host that ended before. Peers: rooms of other hosts of
-- the same market and category that ended in the 30 days before its own day.
-- Both are fixed the day it ends. z = (value - mean) / sd, cut to -9 .. 9; sd is
-- at least 0.1 on the log scale, so that a host who never varies is no alarm.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id  varchar
--          own_rooms        double  rooms of the host that ended before
--          peer_rooms       double  rooms of its peers in the 30 days before
--          views_own_z      double  of log views; null under 3 rooms
--          watch_own_z      double  of log watch time; null under 3 rooms
--          clicks_own_z     double  of log clicks per view; null under 3 rooms
--          views_peer_z     double  of log views; null under 8 rooms
--          watch_peer_z     double  of log watch time; null under 8 rooms
--          clicks_peer_z    double  of log clicks per view; null under 8 rooms
with rooms as (
    select
        live_session_id,
        creator_id,
        peer_group,
        ended_at,
        end_number,
        log_views,
        log_watch,
        log_clicks,
        cast(log_views as decimal(18, 9)) as views,
        cast(log_views * log_views as decimal(18, 9)) as views_squared,
        cast(log_watch as decimal(18, 9)) as watch,
        cast(log_watch * log_watch as decimal(18, 9)) as watch_squared,
        cast(log_clicks as decimal(18, 9)) as clicks,
        cast(log_clicks * log_clicks as decimal(18, 9)) as clicks_squared
    from windows.session_audience
),

-- The days of every host, then of every group: a peer is in the second only.
days as (
    select
        creator_id as owner,
        peer_group,
        end_number,
        count(*) as rooms,
        count(clicks) as clicked,
        sum(views) as views,
        sum(views_squared) as views_squared,
        sum(watch) as watch,
        sum(watch_squared) as watch_squared,
        sum(clicks) as clicks,
        sum(clicks_squared) as clicks_squared
    from rooms
    group by creator_id, peer_group, end_number
),

group_days as (
    select
        peer_group,
        end_number,
        sum(rooms) as rooms,
        sum(clicked) as clicked,
        sum(views) as views,
        sum(views_squared) as views_squared,
        sum(watch) as watch,
        sum(watch_squared) as watch_squared,
        sum(clicks) as clicks,
        sum(clicks_squared) as clicks_squared
    from days
    group by peer_group, end_number
),

group_month as (
    select
        peer_group,
        end_number,
        sum(rooms) over before as rooms,
        sum(clicked) over before as clicked,
        sum(views) over before as views,
        sum(views_squared) over before as views_squared,
        sum(watch) over before as watch,
        sum(watch_squared) over before as watch_squared,
        sum(clicks) over before as clicks,
        sum(clicks_squared) over before as clicks_squared
    from group_days
    window before as (
        partition by peer_group
        order by end_number asc nulls last
        range between 30 preceding and 1 preceding
    )
),

host_month as (
    select
        owner,
        end_number,
        sum(rooms) over before as rooms,
        sum(clicked) over before as clicked,
        sum(views) over before as views,
        sum(views_squared) over before as views_squared,
        sum(watch) over before as watch,
        sum(watch_squared) over before as watch_squared,
        sum(clicks) over before as clicks,
        sum(clicks_squared) over before as clicks_squared
    from days
    window before as (
        partition by owner
        order by end_number asc nulls last
        range between 30 preceding and 1 preceding
    )
),

own as (
    select
        live_session_id,
        count(*) over earlier as rooms,
        count(clicks) over earlier as clicked,
        sum(views) over earlier as views,
        sum(views_squared) over earlier as views_squared,
        sum(watch) over earlier as watch,
        sum(watch_squared) over earlier as watch_squared,
        sum(clicks) over earlier as clicks,
        sum(clicks_squared) over earlier as clicks_squared
    from rooms
    window earlier as (
        partition by creator_id
        order by ended_at asc nulls last, live_session_id asc nulls last
        rows between unbounded preceding and 1 preceding
    )
),

compared as (
    select
        live_session_id,
        'own' as whose,
        cast(rooms as double) as rooms,
        cast(clicked as double) as clicked,
        cast(views as double) as views,
        cast(views_squared as double) as views_squared,
        cast(watch as double) as watch,
        cast(watch_squared as double) as watch_squared,
        cast(clicks as double) as clicks,
        cast(clicks_squared as double) as clicks_squared,
        3.0 as enough
    from own
    union all
    select
        r.live_session_id,
        'peer' as whose,
        cast(coalesce(g.rooms, 0) - coalesce(h.rooms, 0) as double) as rooms,
        cast(coalesce(g.clicked, 0) - coalesce(h.clicked, 0) as double)
            as clicked,
        cast(g.views - coalesce(h.views, 0) as double) as views,
        cast(g.views_squared - coalesce(h.views_squared, 0) as double)
            as views_squared,
        cast(g.watch - coalesce(h.watch, 0) as double) as watch,
        cast(g.watch_squared - coalesce(h.watch_squared, 0) as double)
            as watch_squared,
        cast(g.clicks - coalesce(h.clicks, 0) as double) as clicks,
        cast(g.clicks_squared - coalesce(h.clicks_squared, 0) as double)
            as clicks_squared,
        8.0 as enough
    from rooms as r
    inner join group_month as g
        on r.peer_group = g.peer_group and r.end_number = g.end_number
    inner join host_month as h
        on r.creator_id = h.owner and r.end_number = h.end_number
),

spread as (
    select
        live_session_id,
        whose,
        rooms,
        case when rooms >= enough then views / rooms end as views_mean,
        case
            when rooms >= enough
                then sqrt(
                    greatest(views_squared - views * views / rooms, 0.0)
                    / (rooms - 1.0)
                )
        end as views_sd,
        case when rooms >= enough then watch / rooms end as watch_mean,
        case
            when rooms >= enough
                then sqrt(
                    greatest(watch_squared - watch * watch / rooms, 0.0)
                    / (rooms - 1.0)
                )
        end as watch_sd,
        case when clicked >= enough then clicks / clicked end as clicks_mean,
        case
            when clicked >= enough
                then sqrt(
                    greatest(clicks_squared - clicks * clicks / clicked, 0.0)
                    / (clicked - 1.0)
                )
        end as clicks_sd
    from compared
),

distances as (
    select
        s.live_session_id,
        s.whose,
        s.rooms,
        (r.log_views - s.views_mean) / greatest(s.views_sd, 0.1) as views_z,
        (r.log_watch - s.watch_mean) / greatest(s.watch_sd, 0.1) as watch_z,
        (r.log_clicks - s.clicks_mean) / greatest(s.clicks_sd, 0.1) as clicks_z
    from spread as s
    inner join rooms as r on s.live_session_id = r.live_session_id
),

capped as (
    select
        live_session_id,
        whose,
        rooms,
        case
            when views_z is not null
                then greatest(least(views_z, 9.0), -9.0)
        end as views_z,
        case
            when watch_z is not null
                then greatest(least(watch_z, 9.0), -9.0)
        end as watch_z,
        case
            when clicks_z is not null
                then greatest(least(clicks_z, 9.0), -9.0)
        end as clicks_z
    from distances
),

final as (
    select
        live_session_id,
        max(rooms) filter (where whose = 'own') as own_rooms,
        max(rooms) filter (where whose = 'peer') as peer_rooms,
        max(views_z) filter (where whose = 'own') as views_own_z,
        max(watch_z) filter (where whose = 'own') as watch_own_z,
        max(clicks_z) filter (where whose = 'own') as clicks_own_z,
        max(views_z) filter (where whose = 'peer') as views_peer_z,
        max(watch_z) filter (where whose = 'peer') as watch_peer_z,
        max(clicks_z) filter (where whose = 'peer') as clicks_peer_z
    from capped
    group by live_session_id
)

select * from final
