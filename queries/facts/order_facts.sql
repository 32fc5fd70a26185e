-- Each paid order with what was true of it the moment it was placed.
--
-- grain:   order_id
-- params:  none
-- returns: order_id               varchar
--          purchase_id            varchar    lines of one checkout share it
--          buyer_id               varchar    null = a guest
--          merchant_id            varchar
--          product_id             varchar
--          creator_id             varchar
--          live_session_id        varchar
--          channel                varchar
--          created_at             timestamp  staging.orders.counted_at
--          day                    date       UTC day it was paid
--          hour_at                timestamp  start of the hour it was placed in
--          paid_usd               double     USD
--          voucher_usd            double     USD
--          commission_usd         double     USD promised to the creator
--          device_id              varchar
--          address_id             varchar
--          buyer_age_days         double     days since the buyer registered
--          is_young_account       integer    1 when younger than 7 days
--          is_voucher             integer    1 when a voucher was used
--          is_new_buyer_voucher   integer    1 when it was for new buyers
--          is_tight_basket        integer    1 when 0..5 % above min spend
--          is_unseen              integer    1 when not looked at before
--          is_fast_pay            integer    1 when paid within 60 seconds
--          is_instant             integer    1 when under 5 s after the click
--          is_live                integer    1 when bought in a live
--          is_affiliate           integer    1 when bought by affiliate link
--          is_creator_device      integer    1 on the promoting creator's own
--          device_accounts        bigint     accounts on its device so far
--          address_accounts       bigint     accounts at its address so far
--          token_accounts         bigint     accounts on its token so far
--          is_crowded_device      integer    1 when 3 accounts or more
--          is_crowded_address     integer    1 when 5 accounts or more
--          is_shared_token        integer    1 when 2 accounts or more
with identifier_uses as (
    select
        order_id,
        buyer_id,
        created_at,
        'device' as relation,
        device_id as identifier_id
    from staging.order_attempts
    where not is_sample and device_id is not null
    union all
    select
        order_id,
        buyer_id,
        created_at,
        'address' as relation,
        address_id as identifier_id
    from staging.order_attempts
    where not is_sample and address_id is not null
    union all
    select
        order_id,
        buyer_id,
        created_at,
        'payment_token' as relation,
        payment_token_id as identifier_id
    from staging.order_attempts
    where not is_sample and payment_token_id is not null
),

-- Only identifiers of several accounts need counting; it is 1 everywhere else.
shared_identifiers as (
    select
        relation,
        identifier_id,
        row_number() over (
            order by relation asc nulls last, identifier_id asc nulls last
        ) as identifier_key
    from identifier_uses
    group by relation, identifier_id
    having min(buyer_id) < max(buyer_id)
),

shared_uses as (
    select
        i.identifier_key,
        u.relation,
        u.order_id,
        u.created_at,
        case
            when row_number() over (
                partition by i.identifier_key, u.buyer_id
                order by u.created_at, u.order_id
            ) = 1 then 1 else 0
        end as is_first
    from identifier_uses as u
    inner join shared_identifiers as i
        on u.relation = i.relation and u.identifier_id = i.identifier_id
),

account_counts as (
    select
        order_id,
        relation,
        sum(is_first) over (
            partition by identifier_key
            order by created_at, order_id
            rows between unbounded preceding and current row
        ) as accounts
    from shared_uses
),

final as (
    select
        o.order_id,
        o.purchase_id,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.live_session_id,
        o.channel,
        o.counted_at as created_at,
        o.day,
        date_trunc('hour', o.counted_at) as hour_at,
        o.paid_usd,
        o.voucher_usd,
        case
            when o.creator_id is null then 0.0
            else o.items_usd * o.commission_rate
        end as commission_usd,
        o.device_id,
        o.address_id,
        date_diff('minute', b.registered_at, o.created_at) / 1440.0
            as buyer_age_days,
        case
            when o.created_at < b.registered_at + interval 7 day then 1 else 0
        end as is_young_account,
        case when o.voucher_id is null then 0 else 1 end as is_voucher,
        case when v.kind = 'new_buyer' then 1 else 0 end
            as is_new_buyer_voucher,
        case
            when
                o.items_usd between v.min_spend_usd
                and 1.05 * v.min_spend_usd then 1
            else 0
        end as is_tight_basket,
        case when not o.has_prior_view then 1 else 0 end as is_unseen,
        -- Paid in the very instant of the order: no clock of the payment.
        case
            when
                o.paid_at > o.created_at
                and o.paid_at
                < o.created_at + fast_payment_seconds() * interval 1 second
                then 1
            else 0
        end as is_fast_pay,
        case when o.click_to_order_seconds < 5.0 then 1 else 0 end
            as is_instant,
        case when o.channel = 'live' then 1 else 0 end as is_live,
        case when o.channel = 'affiliate' then 1 else 0 end as is_affiliate,
        case when o.device_id = c.device_id then 1 else 0 end
            as is_creator_device,
        cast(coalesce(d.accounts, 1) as bigint) as device_accounts,
        cast(coalesce(a.accounts, 1) as bigint) as address_accounts,
        cast(coalesce(t.accounts, 1) as bigint) as token_accounts,
        case when d.accounts >= 3 then 1 else 0 end as is_crowded_device,
        case when a.accounts >= 5 then 1 else 0 end as is_crowded_address,
        case when t.accounts >= 2 then 1 else 0 end as is_shared_token
    from staging.orders as o
    left join staging.buyers as b on o.buyer_id = b.buyer_id
    left join staging.vouchers as v on o.voucher_id = v.voucher_id
    left join staging.creators as c on o.creator_id = c.creator_id
    left join account_counts as d
        on d.relation = 'device' and o.order_id = d.order_id
    left join account_counts as a
        on a.relation = 'address' and o.order_id = a.order_id
    left join account_counts as t
        on t.relation = 'payment_token' and o.order_id = t.order_id
    where not o.is_sample
)

select * from final
