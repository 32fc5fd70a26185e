-- Orders of one entity in a window, with what was true when placed.
--
-- grain:   order_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: order_id                    varchar
--          created_at                  timestamp  UTC
--          merchant_id                 varchar
--          product_id                  varchar
--          buyer_id                    varchar
--          creator_id                  varchar
--          channel                     varchar
--          paid_usd                    double     USD
--          voucher_usd                 double     USD
--          commission_usd              double     USD
--          buyer_age_days              double     days
--          device_id                   varchar    masked
--          address_id                  varchar    masked
--          device_accounts             bigint     accounts on the device so far
--          address_accounts            bigint     accounts at the address so far
--          token_accounts              bigint     accounts on the token so far
--          orders_in_hour              bigint     orders of the subject in that hour
--          age                         bigint     days before as_of
--          is_voucher                  integer    1 when so
--          is_new_buyer_voucher        integer    1 when so
--          is_tight_basket             integer    1 when so
--          is_young_account            integer    1 when so
--          is_crowded_device           integer    1 when so
--          is_crowded_address          integer    1 when so
--          is_shared_token             integer    1 when so
--          is_unseen                   integer    1 when so
--          is_fast_pay                 integer    1 when so
--          is_instant                  integer    1 when so
--          is_live                     integer    1 when so
--          is_affiliate                integer    1 when so
--          is_creator_device           integer    1 when so
with final as (
    select
        order_id,
        created_at,
        merchant_id,
        product_id,
        buyer_id,
        creator_id,
        channel,
        paid_usd,
        voucher_usd,
        commission_usd,
        buyer_age_days,
        device_id,
        address_id,
        device_accounts,
        address_accounts,
        token_accounts,
        count(*) over (partition by hour_at) as orders_in_hour,
        cast($as_of as date) - day as age,
        is_voucher,
        is_new_buyer_voucher,
        is_tight_basket,
        is_young_account,
        is_crowded_device,
        is_crowded_address,
        is_shared_token,
        is_unseen,
        is_fast_pay,
        is_instant,
        is_live,
        is_affiliate,
        is_creator_device
    from facts.order_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by created_at desc nulls last, order_id desc
