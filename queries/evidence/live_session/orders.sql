-- Orders of one live room with the day each trouble became known.
--
-- grain:   order_id
-- params:  entity_id          varchar    the live session
--          as_of              date       what was known before this day
-- returns: order_id           varchar
--          created_at         timestamp  UTC
--          buyer_id           varchar
--          paid_usd           double     USD
--          is_early           integer    1 in the first 30 minutes of the room
--          is_young_account   integer    1 when the account was under 7 days old
--          is_crowded_device  integer    1 on a device of 3 accounts or more
--          cancelled_on       date
--          refund_asked_on    date
--          mature_on          date       15 days after delivery
--          late_mismatch_on   date       not as described, days 5 to 15
--          complained_on      date       goods differ
--          disputed_on        date       at the bank
with final as (
    select
        order_id,
        created_at,
        buyer_id,
        paid_usd,
        is_early,
        is_young_account,
        is_crowded_device,
        case when cancelled_on < $as_of then cancelled_on end as cancelled_on,
        case
            when refund_asked_on < $as_of then refund_asked_on
        end as refund_asked_on,
        case when mature_on < $as_of then mature_on end as mature_on,
        case
            when late_mismatch_on < $as_of then late_mismatch_on
        end as late_mismatch_on,
        case
            when complained_on < $as_of then complained_on
        end as complained_on,
        case when disputed_on < $as_of then disputed_on end as disputed_on
    from facts.session_orders
    where live_session_id = $entity_id and placed_on < $as_of
)

select * from final
order by created_at asc nulls last, order_id asc nulls last
