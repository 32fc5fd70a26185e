-- Orders of one buyer in live rooms that were cancelled in a window.
--
-- grain:   order_id
-- params:  entity_id        varchar  the buyer
--          as_of            date     what was known before this day
--          days             bigint   length of the window
-- returns: order_id         varchar
--          live_session_id  varchar
--          created_at       timestamp  UTC
--          cancelled_on     date
--          paid_usd         double     USD
--          is_early         integer    1 in the first 30 minutes of the room
--          is_fast_pay      integer    1 when paid within 60 seconds
--          is_staged        integer    1 when both
with final as (
    select
        s.order_id,
        s.live_session_id,
        s.created_at,
        s.cancelled_on,
        s.paid_usd,
        s.is_early,
        f.is_fast_pay,
        s.is_early * f.is_fast_pay as is_staged
    from facts.session_orders as s
    inner join facts.order_facts as f on s.order_id = f.order_id
    where
        s.buyer_id = $entity_id
        and within(s.cancelled_on, $as_of, $days)
)

select * from final
order by is_staged desc nulls last, created_at desc nulls last, order_id desc
