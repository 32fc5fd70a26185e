-- Refunds of one buyer paid in a window, with return weights.
--
-- grain:   refund_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: refund_id                   varchar
--          order_id                    varchar
--          requested_at                timestamp  UTC
--          refunded_day                date
--          merchant_id                 varchar
--          reason                      varchar
--          claim_text                  varchar    as typed
--          amount_usd                  double     USD
--          return_weight_grams         double     grams
--          expected_weight_grams       double     grams sent
--          is_weighed_return           integer
--          is_light_return             integer    under half the weight
with final as (
    select
        refund_id,
        order_id,
        requested_at,
        refunded_day,
        merchant_id,
        reason,
        claim_text,
        amount_usd,
        return_weight_grams,
        expected_weight_grams,
        is_weighed_return,
        is_light_return
    from facts.refund_facts
    where
        buyer_id = $entity_id
        and within(refunded_day, $as_of, $days)
)

select * from final
order by refunded_day desc nulls last, refund_id desc
