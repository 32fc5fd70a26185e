-- How each ring formed and what holds each member most: one row per member.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: ring_id          varchar
--          entity_type      varchar
--          entity_id        varchar
--          joined_at        timestamp  first tie, trade or owner inside the ring
--          join_place       bigint     1 = first of the ring; members of one moment share it
--          thing_count      bigint     things that hold it
--          top_relation     varchar    of the thing it would lose most without
--          top_thing_id     varchar
--          top_loss_share   double     part of its ties gone without that; null = no tie
--          is_held_without  boolean    no single thing puts it out of the ring
with ranked as (
    select
        *,
        row_number() over (
            partition by entity_type, entity_id
            order by
                is_held_without asc nulls last,
                loss_share desc nulls last,
                partner_count desc nulls last,
                relation asc nulls last,
                thing_id asc nulls last
        ) as place
    from rings.member_evidence
),

members as (
    select
        ring_id,
        entity_type,
        entity_id,
        min(first_seen_at) as joined_at,
        count(*) as thing_count,
        max(relation) filter (where place = 1) as top_relation,
        max(thing_id) filter (where place = 1) as top_thing_id,
        max(loss_share) filter (where place = 1) as top_loss_share,
        bool_and(is_held_without) as is_held_without
    from ranked
    group by ring_id, entity_type, entity_id
),

final as (
    select
        ring_id,
        entity_type,
        entity_id,
        joined_at,
        rank() over (partition by ring_id order by joined_at asc nulls last)
            as join_place,
        thing_count,
        top_relation,
        top_thing_id,
        top_loss_share,
        is_held_without
    from members
)

select * from final
