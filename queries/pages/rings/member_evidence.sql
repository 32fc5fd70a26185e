-- What holds one member in its ring, what it would lose most without first.
--
-- grain:   relation, thing_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          limit        bigint
-- returns: ring_id          varchar
--          relation         varchar
--          thing_id         varchar    identifier, pair, place; type:id of a seller or owner
--          name             varchar    of a shop, listing or creator; null = nameless
--          partner_count    bigint     members that it ties this one to
--          evidence_count   bigint
--          weight           double     null = no tie
--          loss_share       double     null = no tie
--          is_held_without  boolean
--          first_seen_at    timestamp
--          last_seen_at     timestamp
--          total_count      bigint     things in all, before limit
select
    m.ring_id,
    m.relation,
    m.thing_id,
    e.name,
    m.partner_count,
    m.evidence_count,
    m.weight,
    m.loss_share,
    m.is_held_without,
    m.first_seen_at,
    m.last_seen_at,
    count(*) over () as total_count
from rings.member_evidence as m
left join graph.entities as e
    on
        e.entity_type || ':' || e.entity_id
        = case m.relation
            when 'same_shop' then 'merchant:' || m.thing_id
            when 'same_listing' then 'product:' || m.thing_id
            when 'same_creator' then 'creator:' || m.thing_id
            else m.thing_id
        end
where m.entity_type = $entity_type and m.entity_id = $entity_id
order by
    m.is_held_without asc nulls last,
    m.loss_share desc nulls last,
    m.partner_count desc nulls last,
    m.relation asc nulls last,
    m.thing_id asc nulls last
limit $limit
