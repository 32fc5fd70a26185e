-- Orders of one entity, those by confirmed bad buyers first.
--
-- grain:   order_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: order_id                    varchar
--          created_at                  timestamp  UTC
--          buyer_id                    varchar
--          product_id                  varchar
--          paid_usd                    double     USD
--          known_day                   date       day the buyer's verdict was known
--          is_confirmed_bad            integer    verdict known before as_of
with placed as (
    select
        o.order_id,
        o.created_at,
        o.buyer_id,
        o.product_id,
        o.paid_usd,
        case when b.known_day < $as_of then b.known_day end as known_day,
        case when b.known_day < $as_of then 1 else 0 end as is_confirmed_bad
    from features.order_facts as o
    left join features.confirmed_bad_buyers as b on o.buyer_id = b.buyer_id
    where
        case $entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            when 'product' then o.product_id
            else o.buyer_id
        end = $entity_id
        and o.day < $as_of
        and o.day >= cast($as_of as date) - cast($days as integer)
)

select * from placed
order by
    is_confirmed_bad desc nulls last,
    created_at desc nulls last,
    order_id desc
