-- Which case each subject belongs to: the ring it is part of, or one of its own.
--
-- A case is what one analyst works at a time. Whoever has an alert or is a member of a
-- ring is in exactly one.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: case_id      varchar  id of the ring, else type:id of the subject
--          entity_type  varchar
--          entity_id    varchar
--          ring_id      varchar  null = a case of its own
--          role         varchar  its part in the ring; null = a case of its own
--          alert_id     varchar  null = it does not wait in the queue
with final as (
    select
        coalesce(m.ring_id, a.entity_type || ':' || a.entity_id) as case_id,
        coalesce(m.entity_type, a.entity_type) as entity_type,
        coalesce(m.entity_id, a.entity_id) as entity_id,
        m.ring_id,
        m.role,
        a.alert_id
    from rings.members as m
    full outer join alerts.alerts as a
        on m.entity_type = a.entity_type and m.entity_id = a.entity_id
)

select * from final
