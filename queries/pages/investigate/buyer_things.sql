-- Devices, addresses, cards and networks of one buyer, and who else uses them.
--
-- grain:   relation, identifier_id
-- params:  entity_id       varchar
--          limit           bigint
-- returns: relation        varchar    device, address, payment_token or ip
--          identifier_id   varchar    masked
--          first_seen_at   timestamp  UTC
--          last_seen_at    timestamp  UTC
--          times           bigint     orders and sign-ins on it
--          other_accounts  bigint     accounts of any type beside this one
--          other_key       varchar    of the other with most of them; null = nobody
--          other_name      varchar    as typed: hostile until escaped
--          other_market    varchar
--          is_hub          boolean    so many use it that it says nothing
with own as (
    select *
    from graph.links
    where entity_type = 'buyer' and entity_id = $entity_id
),

others as (
    select
        l.relation,
        l.identifier_id,
        max_by(e.node, l.evidence_count) as other_key,
        max_by(e.name, l.evidence_count) as other_name,
        max_by(e.market, l.evidence_count) as other_market
    from own as o
    inner join graph.links as l
        on o.relation = l.relation and o.identifier_id = l.identifier_id
    inner join graph.entities as e
        on l.entity_type = e.entity_type and l.entity_id = e.entity_id
    where not (l.entity_type = 'buyer' and l.entity_id = $entity_id)
    group by l.relation, l.identifier_id
)

select
    o.relation,
    o.identifier_id,
    o.first_seen_at,
    o.last_seen_at,
    o.evidence_count as times,
    i.degree - 1 as other_accounts,
    t.other_key,
    t.other_name,
    t.other_market,
    i.is_hub
from own as o
inner join graph.identifiers as i
    on o.relation = i.relation and o.identifier_id = i.identifier_id
left join others as t
    on o.relation = t.relation and o.identifier_id = t.identifier_id
order by
    other_accounts desc nulls last,
    o.relation asc nulls last,
    o.identifier_id asc nulls last
limit $limit
