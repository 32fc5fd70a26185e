-- What holds each member in its ring, thing by thing, and whether it stays without it.
--
-- A member is held by its ties, by trade or by its owner; where one of these is enough,
-- losing a thing of another puts it out of no ring.
--
-- grain:   entity_type, entity_id, relation, thing_id
-- params:  none
-- returns: ring_id          varchar
--          entity_type      varchar
--          entity_id        varchar
--          relation         varchar    as in rings.ties; trade, relay, owner
--          thing_id         varchar    identifier, pair, place; type:id of a seller or owner
--          partner_count    bigint     members that it ties this one to
--          evidence_count   bigint     rows behind it
--          weight           double     sum of its ties; null = no tie
--          loss_share       double     0..1: part of the ties gone without it; null = no tie
--          is_held_without  boolean    stays a member without it
--          first_seen_at    timestamp
--          last_seen_at     timestamp
with evidence as (
    select
        *,
        'tie' as hold,
        is_tied_without as is_kept
    from rings.tie_evidence
    union all by name
    select
        *,
        if(relation = 'relay', 'trade', relation) as hold,
        is_held_without as is_kept
    from rings.trade_evidence
),

-- A seller or somebody's listing may be tied too, yet too loosely to be in for that.
ties as (
    select
        t.node,
        bool_or(t.is_tied_without) as is_enough
    from rings.tie_evidence as t
    group by t.node
),

holds as (
    select
        e.node,
        bool_or(e.hold = 'trade') as has_trade,
        bool_or(e.hold = 'owner') as has_owner
    from evidence as e
    group by e.node
),

final as (
    select
        e.ring_id,
        m.entity_type,
        m.entity_id,
        e.relation,
        e.thing_id,
        e.partner_count,
        e.evidence_count,
        e.weight,
        e.loss_share,
        e.is_kept
        or (e.hold <> 'tie' and coalesce(t.is_enough, false))
        or (e.hold <> 'trade' and h.has_trade)
        or (e.hold <> 'owner' and h.has_owner) as is_held_without,
        e.first_seen_at,
        e.last_seen_at
    from evidence as e
    inner join holds as h on e.node = h.node
    inner join rings.roster as m on e.node = m.node
    left join ties as t on e.node = t.node
)

select * from final
