-- Refund requests and orders of one entity in a window.
--
-- grain:   event, event_at, order_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: event                       varchar    refund or order
--          event_at                    timestamp  UTC
--          order_id                    varchar
--          merchant_id                 varchar
--          product_id                  varchar
--          buyer_id                    varchar
--          reason                      varchar    null for an order
--          claim_text                  varchar    as typed
--          amount_usd                  double     USD asked back or paid
--          days_after_order            double     days
--          delivered_at                timestamp  UTC
--          claim_accounts              bigint     accounts with these words so far
--          is_late                     integer    12 or more days after the order
--          is_not_received             integer
--          is_disproved                integer    claimed not received after delivery
--          is_low_quality              integer
--          is_copied_claim             integer    words 3 or more accounts used
with requests as (
    select
        'refund' as event,
        requested_at as event_at,
        order_id,
        merchant_id,
        product_id,
        buyer_id,
        reason,
        claim_text,
        amount_usd,
        days_after_order,
        delivered_at,
        claim_accounts,
        is_late,
        is_not_received,
        is_disproved,
        is_low_quality,
        is_copied_claim
    from facts.refund_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
),

orders as (
    select
        'order' as event,
        created_at as event_at,
        order_id,
        merchant_id,
        product_id,
        buyer_id,
        cast(null as varchar) as reason,
        cast(null as varchar) as claim_text,
        paid_usd as amount_usd,
        cast(null as double) as days_after_order,
        cast(null as timestamp) as delivered_at,
        cast(null as bigint) as claim_accounts,
        cast(0 as integer) as is_late,
        cast(0 as integer) as is_not_received,
        cast(0 as integer) as is_disproved,
        cast(0 as integer) as is_low_quality,
        cast(0 as integer) as is_copied_claim
    from facts.order_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
),

final as (
    select * from requests
    union all
    select * from orders
)

select * from final
order by event desc nulls last, event_at desc nulls last, order_id desc
