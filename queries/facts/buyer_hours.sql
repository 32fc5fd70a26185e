-- Hours in which a buyer ordered more than once; lines of one checkout are once.
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
        count(distinct purchase_id) as orders
    from facts.order_facts
    where buyer_id is not null
    group by buyer_id, hour_at, day
    having count(distinct purchase_id) > 1
)

select * from final
