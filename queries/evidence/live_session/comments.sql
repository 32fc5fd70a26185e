-- Sampled comments of one live room, with where else account and words were.
--
-- grain:   comment_id
-- params:  entity_id        varchar    the live session
--          as_of            date       what was known before this day
-- returns: comment_id       varchar
--          commented_at     timestamp  UTC
--          buyer_id         varchar    null = no buyer account
--          body             varchar    as typed
--          room_uses        bigint     times the words were used in this room
--          text_uses        bigint     times the words were used so far
--          text_creators    bigint     hosts in whose rooms, so far
--          is_script        integer    often, and in few hosts' rooms
--          account_rooms    bigint     rooms the account talked in so far
--          account_hosts    bigint     hosts of those rooms
with session_comments as (
    select
        c.comment_id,
        c.live_session_id,
        c.commented_at,
        c.buyer_id,
        c.body,
        c.text_uses,
        c.text_creators,
        c.is_script,
        s.ended_at
    from facts.comment_facts as c
    inner join staging.live_sessions as s
        on c.live_session_id = s.live_session_id
    where c.live_session_id = $entity_id and c.day < $as_of
),

account_histories as (
    select
        o.comment_id,
        count(distinct c.live_session_id) as account_rooms,
        count(distinct c.creator_id) as account_hosts
    from session_comments as o
    inner join facts.comment_facts as c on o.buyer_id = c.buyer_id
    inner join staging.live_sessions as s
        on c.live_session_id = s.live_session_id
    where
        s.ended_at < o.ended_at
        or (
            s.ended_at = o.ended_at
            and c.live_session_id <= o.live_session_id
        )
    group by o.comment_id
),

final as (
    select
        o.comment_id,
        o.commented_at,
        o.buyer_id,
        o.body,
        count(*) over (partition by lower(trim(o.body))) as room_uses,
        o.text_uses,
        o.text_creators,
        o.is_script,
        coalesce(v.account_rooms, 0) as account_rooms,
        coalesce(v.account_hosts, 0) as account_hosts
    from session_comments as o
    left join account_histories as v on o.comment_id = v.comment_id
)

select * from final
order by commented_at asc nulls last, comment_id asc nulls last
