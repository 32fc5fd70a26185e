-- Each refund request with whose order it was and what stands out about it.
--
-- grain:   refund_id
-- params:  none
-- returns: refund_id              varchar
--          order_id               varchar
--          buyer_id               varchar
--          merchant_id            varchar
--          product_id             varchar
--          creator_id             varchar
--          requested_at           timestamp
--          day                    date       UTC day of the request
--          refunded_day           date       UTC day the money went back
--          kind                   varchar
--          reason                 varchar
--          claim_text             varchar
--          amount_usd             double     USD
--          days_after_order       double     days from order to request
--          return_weight_grams    double     grams
--          expected_weight_grams  double     grams
--          delivered_at           timestamp  when it was known to be delivered
--          is_late                integer    1 when 12 days or more after order
--          is_not_received        integer    1 when "not received" is claimed
--          is_disproved           integer    1 when claimed after delivery scan
--          is_low_quality         integer    1 when defective or not described
--          is_light_return        integer    1 when under half the weight
--          is_weighed_return      integer    1 when the return was weighed
--          claim_accounts         bigint     accounts with these words so far
--          is_copied_claim        integer    1 when 3 accounts or more
with requests as (
    select
        r.*,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.created_at,
        p.weight_grams * nullif(o.quantity, 0) as expected_weight_grams,
        case
            when s.delivered_at < r.requested_at then s.delivered_at
        end as delivered_at,
        case
            when row_number() over (
                partition by r.claim_text, o.buyer_id
                order by r.requested_at, r.refund_id
            ) = 1 then 1 else 0
        end as is_first_use
    from staging.refunds as r
    inner join staging.orders as o on r.order_id = o.order_id
    inner join staging.products as p on o.product_id = p.product_id
    left join staging.shipments as s on r.order_id = s.order_id
    where not o.is_sample
),

running_counts as (
    select
        *,
        sum(is_first_use) over (
            partition by claim_text
            order by requested_at, refund_id
            rows between unbounded preceding and current row
        ) as claim_accounts
    from requests
),

final as (
    select
        refund_id,
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        creator_id,
        requested_at,
        day,
        cast(refunded_at as date) as refunded_day,
        kind,
        reason,
        claim_text,
        amount_usd,
        date_diff('minute', created_at, requested_at) / 1440.0
            as days_after_order,
        return_weight_grams,
        expected_weight_grams,
        delivered_at,
        case
            when requested_at >= created_at + interval 12 day then 1 else 0
        end as is_late,
        case when reason = 'not_received' then 1 else 0 end
            as is_not_received,
        case
            when reason = 'not_received' and delivered_at is not null
                then 1
            else 0
        end as is_disproved,
        case
            when reason in ('defective', 'not_as_described') then 1 else 0
        end as is_low_quality,
        case
            when return_weight_grams < 0.5 * expected_weight_grams then 1
            else 0
        end as is_light_return,
        case when return_weight_grams is not null then 1 else 0 end
            as is_weighed_return,
        cast(claim_accounts as bigint) as claim_accounts,
        case
            when claim_accounts >= 3 and length(claim_text) >= 25 then 1
            else 0
        end as is_copied_claim
    from running_counts
)

select * from final
