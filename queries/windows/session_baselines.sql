-- Each live session beside its host's earlier ones and beside those of its peers.
--
-- Own: every session of the host that ended before. Peers: sessions of other hosts of
-- the same market and category that ended in the 30 days before its own day.
-- Both are fixed the day it ends. z = (value - mean) / sd, cut to -9 .. 9; sd is
-- at least 0.1 on the log scale, so that a host who never varies is no alarm.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id  varchar
--          own_live_sessions        double   sessions of the host that ended before
--          peer_rooms       double   sessions of its peers in the 30 days before
--          views_own_z      double   of log views; null under 3 sessions
--          watch_own_z      double   of log watch time; null under 3 sessions
--          clicks_own_z     double   of log clicks per view; null under 3 sessions
--          views_peer_z     double   of log views; null under 8 sessions
--          watch_peer_z     double   of log watch time; null under 8 sessions
--          clicks_peer_z    double   of log clicks per view; null under 8 sessions
with measures as (
    select
        live_session_id,
        creator_id,
        peer_group,
        ended_at,
        end_number,
        measure,
        amount,
        cast(amount as decimal(18, 9)) as exact,
        cast(amount * amount as decimal(18, 9)) as square
    from windows.session_audience
    unpivot (amount for measure in (log_views, log_watch, log_clicks))
),

-- The days of every host, then of every group: a peer is in the second only.
host_days as (
    select
        creator_id,
        peer_group,
        measure,
        end_number,
        count(*) as sessions,
        sum(exact) as total,
        sum(square) as squares
    from measures
    group by creator_id, peer_group, measure, end_number
),

group_days as (
    select
        peer_group,
        measure,
        end_number,
        sum(sessions) as sessions,
        sum(total) as total,
        sum(squares) as squares
    from host_days
    group by peer_group, measure, end_number
),

group_month as (
    select
        peer_group,
        measure,
        end_number,
        sum(sessions) over month_before as sessions,
        sum(total) over month_before as total,
        sum(squares) over month_before as squares
    from group_days
    window month_before as (
        partition by peer_group, measure
        order by end_number asc nulls last
        range between 30 preceding and 1 preceding
    )
),

host_month as (
    select
        creator_id,
        measure,
        end_number,
        sum(sessions) over month_before as sessions,
        sum(total) over month_before as total,
        sum(squares) over month_before as squares
    from host_days
    window month_before as (
        partition by creator_id, measure
        order by end_number asc nulls last
        range between 30 preceding and 1 preceding
    )
),

own_baselines as (
    select
        live_session_id,
        measure,
        amount,
        'own' as whose,
        3.0 as least_sessions,
        cast(count(*) over earlier as double) as sessions,
        cast(sum(exact) over earlier as double) as total,
        cast(sum(square) over earlier as double) as squares
    from measures
    window earlier as (
        partition by creator_id, measure
        order by ended_at asc nulls last, live_session_id asc nulls last
        rows between unbounded preceding and 1 preceding
    )
),

baselines as (
    select * from own_baselines
    union all
    select
        m.live_session_id,
        m.measure,
        m.amount,
        'peer' as whose,
        8.0 as least_sessions,
        number(g.sessions) - number(h.sessions) as sessions,
        cast(g.total - coalesce(h.total, 0) as double) as total,
        cast(g.squares - coalesce(h.squares, 0) as double) as squares
    from measures as m
    inner join group_month as g
        on
            m.peer_group = g.peer_group
            and m.measure = g.measure
            and m.end_number = g.end_number
    inner join host_month as h
        on
            m.creator_id = h.creator_id
            and m.measure = h.measure
            and m.end_number = h.end_number
),

deviations as (
    select
        live_session_id,
        measure,
        whose,
        sessions,
        enough(amount - total / sessions, sessions, least_sessions)
            as deviation,
        enough(
            sqrt(
                greatest(squares - total * total / sessions, 0.0)
                / (sessions - 1.0)
            ),
            sessions,
            least_sessions
        ) as sd
    from baselines
),

scores as (
    select
        live_session_id,
        measure,
        whose,
        sessions,
        case
            when deviation is not null
                then greatest(least(deviation / greatest(sd, 0.1), 9.0), -9.0)
        end as z
    from deviations
),

final as (
    select
        live_session_id,
        max(sessions) filter (where whose = 'own' and measure = 'log_views')
            as own_live_sessions,
        max(sessions) filter (where whose = 'peer' and measure = 'log_views')
            as peer_rooms,
        max(z) filter (where whose = 'own' and measure = 'log_views')
            as views_own_z,
        max(z) filter (where whose = 'own' and measure = 'log_watch')
            as watch_own_z,
        max(z) filter (where whose = 'own' and measure = 'log_clicks')
            as clicks_own_z,
        max(z) filter (where whose = 'peer' and measure = 'log_views')
            as views_peer_z,
        max(z) filter (where whose = 'peer' and measure = 'log_watch')
            as watch_peer_z,
        max(z) filter (where whose = 'peer' and measure = 'log_clicks')
            as clicks_peer_z
    from scores
    group by live_session_id
)

select * from final
