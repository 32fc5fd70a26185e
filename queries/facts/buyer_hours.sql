-- Hours in which a buyer ordered more than once.
--
-- Hours with one order need no looking for: whoever ordered had one.
--
-- grain:   buyer_id, hour_at
-- params:  none
-- returns: buyer_id  varchar
--          hour_at   timestamp  start of the hour
--          day       date
--          orders    bigint     two or more
with final as (
    select
        buyer_id,
        hour_at,
        day,
        count(*) as orders
    from facts.order_facts
    group by buyer_id, hour_at, day
    having count(*) > 1
)

select * from final
