-- Who is likely in the same hands as some entities: a rare identifier in common.
--
-- An identifier of more accounts than `most_sharers` is an agency's or a forwarder's, and
-- an address on the network is nobody's. Shops and creators stand first, then who has
-- more kinds of identifiers in common, then the rarer ones.
--
-- grain:   entity_key, sibling_key
-- params:  keys     varchar[]  list of type:id
--          markets  varchar[]  of whom is named; empty = every
--          most     bigint     of each entity
-- returns: entity_key   varchar    type:id
--          sibling_key  varchar    type:id
--          entity_type  varchar    of the sibling, as all that follows
--          entity_id    varchar
--          name         varchar    as typed: hostile until escaped
--          relations    varchar[]  device, address, payment_token, bank_account
--          score_band   varchar    null = not scored
--          others       bigint     in these markets, before the limit
with own_identifiers as (
    select
        k.entity_key,
        l.relation,
        l.identifier_id,
        i.weight
    from subjects_of($keys) as k
    inner join graph.links as l
        on k.entity_type = l.entity_type and k.entity_id = l.entity_id
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where
        l.relation <> 'ip'
        and not i.is_hub
        and i.degree between 2 and most_sharers()
),

siblings as (
    select
        o.entity_key,
        l.entity_type,
        l.entity_id,
        list(distinct o.relation order by o.relation) as relations,
        sum(o.weight) as weight
    from own_identifiers as o
    inner join graph.links as l
        on o.relation = l.relation and o.identifier_id = l.identifier_id
    where l.entity_type || ':' || l.entity_id <> o.entity_key
    group by o.entity_key, l.entity_type, l.entity_id
),

ranked as (
    select
        s.entity_key,
        s.entity_type || ':' || s.entity_id as sibling_key,
        s.entity_type,
        s.entity_id,
        coalesce(e.name, '') as name,
        s.relations,
        p.score_band,
        count(*) over (partition by s.entity_key) as others,
        row_number() over (
            partition by s.entity_key
            order by
                s.entity_type in ('merchant', 'creator') desc,
                len(s.relations) desc,
                s.weight desc,
                s.entity_type asc,
                s.entity_id asc
        ) as place
    from siblings as s
    inner join graph.entities as e
        on s.entity_type = e.entity_type and s.entity_id = e.entity_id
    left join alerts.probabilities as p
        on s.entity_type = p.entity_type and s.entity_id = p.entity_id
    where is_chosen(cast($markets as varchar[]), e.market)
)

select * exclude (place)
from ranked
where place <= $most
order by entity_key asc nulls last, place asc nulls last
