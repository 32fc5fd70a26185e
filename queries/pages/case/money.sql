-- What each member of a ring took in 30 days and what it harms, by who bears it.
--
-- grain:   entity_type, entity_id, is_harm, bearer
-- params:  ring_id  varchar
-- returns: node_key     varchar  type:id
--          entity_type  varchar
--          entity_id    varchar
--          is_harm      boolean  harm in the prices of the packs, else money
--          bearer       varchar  who bears the money; of harm what is harmed
--          usd          double   its share of the events that several touched
with parts as (
    select
        entity_type,
        entity_id,
        false as is_harm,
        bearer,
        cast(split_usd as decimal(18, 6)) as usd
    from alerts.bearer_losses
    union all
    select
        entity_type,
        entity_id,
        true as is_harm,
        kind as bearer,
        cast(harm_usd as decimal(18, 6)) as usd
    from alerts.harms
)

select
    m.entity_type || ':' || m.entity_id as node_key,
    m.entity_type,
    m.entity_id,
    p.is_harm,
    p.bearer,
    cast(sum(p.usd) as double) as usd
from rings.members as m
inner join parts as p
    on m.entity_type = p.entity_type and m.entity_id = p.entity_id
where m.ring_id = $ring_id
group by m.entity_type, m.entity_id, p.is_harm, p.bearer
having sum(p.usd) > 0
order by
    m.entity_type asc nulls last,
    m.entity_id asc nulls last,
    p.is_harm asc nulls last,
    usd desc nulls last,
    p.bearer asc nulls last
