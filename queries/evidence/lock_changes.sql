-- Changes of one account's locks or bank on a device nobody knew, in a window.
--
-- grain:   auth_event_id
-- params:  entity_type       varchar  merchant or creator
--          entity_id         varchar
--          as_of             date     what was known before this day
--          days              bigint   length of the window
-- returns: auth_event_id     varchar
--          changed_at        timestamp  UTC
--          change            varchar    what was changed
--          device_id         varchar    masked, first seen that day
--          is_bank_takeover  integer    1 when bank and locks had then both changed
with final as (
    select
        auth_event_id,
        changed_at,
        change,
        device_id,
        is_bank_takeover
    from facts.lock_changes
    where
        account_type = $entity_type
        and account_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by changed_at desc nulls last, auth_event_id desc nulls last
