-- How each live room filled and what was said in it, known when it ended.
--
-- A machine fills a room evenly or at once; people come in waves. A paid crowd
-- says the same few sentences in many rooms. All of it is fixed at the end of
-- the session: what an account did so far it did in rooms that ended no later.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id       varchar
--          creator_id            varchar
--          merchant_id           varchar    who pays the slot
--          peer_group            varchar    market / category of its creator
--          end_day               date       UTC day it ended
--          end_number            integer    the same as days since 2000-01-01
--          ended_at              timestamp
--          views                 bigint     room entries
--          log_views             double     natural log of 1 + views
--          log_watch             double     of 1 + seconds per entry
--          log_clicks            double     of 0.001 + clicks per entry
--          arrival_peak_share    double     entries in its busiest 5 minutes
--          arrival_fano          double     variance / mean of entries a minute
--          arrival_variation     double     sd / mean after the first 10 minutes
--          comment_sample        bigint     comments kept in the sample
--          comment_entropy       double     0 = one text, 1 = all differ
--          script_comment_share  double     of the sample
--          comment_accounts      bigint     accounts that wrote the sample
--          account_comments      bigint     comments of the sample by accounts
--          shill_accounts        bigint     accounts seen in 3 rooms, 2 hosts
with minute_totals as (
    select
        live_session_id,
        cast(count(*) as double) as minutes,
        cast(sum(joins) as double) as joins,
        cast(sum(joins * joins) as double) as joins_squared,
        cast(count(*) filter (where minute >= 10) as double) as later_minutes,
        cast(sum(joins) filter (where minute >= 10) as double) as later_joins,
        cast(sum(joins * joins) filter (where minute >= 10) as double)
            as later_squared
    from staging.engagement_minutes
    group by live_session_id
),

arrivals as (
    select
        live_session_id,
        case
            when joins >= 100.0 and minutes >= 20.0
                then
                    (joins_squared - joins * joins / minutes)
                    / (minutes - 1.0)
                    / (joins / minutes)
        end as arrival_fano,
        case
            when later_joins >= 100.0 and later_minutes >= 20.0
                then
                    sqrt(
                        greatest(
                            later_squared
                            - later_joins * later_joins / later_minutes,
                            0.0
                        ) / (later_minutes - 1.0)
                    ) / (later_joins / later_minutes)
        end as arrival_variation
    from minute_totals
),

-- Rooms and hosts an account has talked in so far, this one included.
visits as (
    select
        live_session_id,
        creator_id,
        buyer_id,
        min(day) as day
    from facts.comment_facts
    where buyer_id is not null
    group by live_session_id, creator_id, buyer_id
),

host_visits as (
    select
        v.live_session_id,
        v.buyer_id,
        s.ended_at,
        case
            when
                row_number() over (
                    partition by v.buyer_id, v.creator_id
                    order by s.ended_at, v.live_session_id
                ) = 1 then 1
            else 0
        end as is_new_host
    from visits as v
    inner join staging.live_sessions as s
        on v.live_session_id = s.live_session_id
),

visit_counts as (
    select
        live_session_id,
        buyer_id,
        row_number() over (
            partition by buyer_id
            order by ended_at, live_session_id
        ) as sessions,
        sum(is_new_host) over (
            partition by buyer_id
            order by ended_at, live_session_id
            rows between unbounded preceding and current row
        ) as hosts
    from host_visits
),

shills as (
    select
        live_session_id,
        buyer_id
    from visit_counts
    where sessions >= 3 and hosts >= 2
),

texts as (
    select
        live_session_id,
        lower(trim(body)) as body,
        cast(count(*) as double) as uses
    from facts.comment_facts
    group by live_session_id, lower(trim(body))
),

entropies as (
    select
        live_session_id,
        cast(sum(cast(uses * ln(uses) as decimal(18, 9))) as double)
            as repeated
    from texts
    group by live_session_id
),

comment_totals as (
    select
        c.live_session_id,
        count(*) as comment_sample,
        sum(c.is_script) as script_comments,
        count(c.buyer_id) as account_comments,
        count(distinct c.buyer_id) as comment_accounts,
        count(distinct h.buyer_id) as shill_accounts
    from facts.comment_facts as c
    left join shills as h
        on
            c.live_session_id = h.live_session_id
            and c.buyer_id = h.buyer_id
    group by c.live_session_id
),

final as (
    select
        s.live_session_id,
        s.creator_id,
        s.merchant_id,
        e.peer_group,
        cast(s.ended_at as date) as end_day,
        cast(cast(s.ended_at as date) - date '2000-01-01' as integer)
            as end_number,
        s.ended_at,
        s.views,
        ln(1.0 + s.views) as log_views,
        ln(1.0 + s.watch_seconds_mean) as log_watch,
        ln(0.001 + rate(s.product_clicks, s.views, least_views()))
            as log_clicks,
        f.arrival_peak_share,
        a.arrival_fano,
        a.arrival_variation,
        coalesce(c.comment_sample, 0) as comment_sample,
        enough(
            1.0 - t.repeated / (c.comment_sample * ln(c.comment_sample)),
            c.comment_sample,
            8
        ) as comment_entropy,
        rate(c.script_comments, c.comment_sample, 8) as script_comment_share,
        coalesce(c.comment_accounts, 0) as comment_accounts,
        coalesce(c.account_comments, 0) as account_comments,
        coalesce(c.shill_accounts, 0) as shill_accounts
    from staging.live_sessions as s
    inner join graph.entities as e
        on e.entity_type = 'creator' and s.creator_id = e.entity_id
    left join facts.session_facts as f
        on s.live_session_id = f.live_session_id
    left join arrivals as a on s.live_session_id = a.live_session_id
    left join comment_totals as c on s.live_session_id = c.live_session_id
    left join entropies as t on s.live_session_id = t.live_session_id
)

select * from final
