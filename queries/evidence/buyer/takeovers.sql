-- Orders of one buyer right after a strange device changed the account's locks.
--
-- grain:   order_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: order_id                    varchar
--          created_at                  timestamp  UTC
--          change                      varchar    what was changed
--          changed_at                  timestamp  UTC
--          device_id                   varchar    masked, first seen that day
--          paid_usd                    double     USD
with final as (
    select
        order_id,
        created_at,
        change,
        changed_at,
        device_id,
        paid_usd
    from facts.takeover_facts
    where
        buyer_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by created_at desc nulls last, order_id desc
