-- The members of a ring, likeliest bad first, with the part they play and their ties.
--
-- grain:   node_key
-- params:  ring_id  varchar
--          limit    bigint
--          offset   bigint
-- returns: node_key         varchar    type:id
--          entity_type      varchar
--          entity_id        varchar
--          name             varchar    as typed: hostile until escaped
--          market           varchar
--          role             varchar    organiser, shop, listing, worker, creator, room, victim
--          joined_by        varchar    tie, trade, relay, further_account or owner
--          score            double     probability, null = none
--          score_band       varchar
--          label            varchar    bad | good | null = nobody has decided
--          is_queued        boolean    waits in the queue
--          partner_count    bigint     members it is tied to
--          weight           double     strength of those ties
--          total_count      bigint     members in all, before limit
--          joined_at        timestamp  first tie, trade or owner inside the ring
--          join_place       bigint     1 = first of the ring
--          thing_count      bigint     things that hold it
--          top_relation     varchar    of the thing it would lose most without
--          top_thing_id     varchar
--          top_loss_share   double     part of its ties gone without it; null = no tie
--          is_held_without  boolean    no single thing puts it out of the ring
with verdicts as (
    select
        v.entity_type,
        v.entity_id,
        v.label
    from facts.verdicts as v
    cross join meta.build as b
    where in_force(v.known_day, v.replaced_day, b.as_of)
),

queued as (
    select distinct
        entity_type,
        entity_id
    from alerts.alerts
)

select
    m.entity_type || ':' || m.entity_id as node_key,
    m.entity_type,
    m.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    m.role,
    m.joined_by,
    p.probability as score,
    p.score_band,
    v.label,
    q.entity_id is not null as is_queued,
    m.partner_count,
    m.tie_weight as weight,
    count(*) over () as total_count,
    f.joined_at,
    f.join_place,
    f.thing_count,
    f.top_relation,
    f.top_thing_id,
    f.top_loss_share,
    f.is_held_without
from rings.members as m
left join rings.formation as f
    on m.entity_type = f.entity_type and m.entity_id = f.entity_id
left join graph.entities as e
    on m.entity_type = e.entity_type and m.entity_id = e.entity_id
left join alerts.probabilities as p
    on m.entity_type = p.entity_type and m.entity_id = p.entity_id
left join verdicts as v
    on m.entity_type = v.entity_type and m.entity_id = v.entity_id
left join queued as q
    on m.entity_type = q.entity_type and m.entity_id = q.entity_id
where m.ring_id = $ring_id
order by
    p.probability desc nulls last,
    m.tie_weight desc nulls last,
    m.entity_id asc nulls last
limit $limit offset $offset
