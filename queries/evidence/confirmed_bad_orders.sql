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
--          is_confirmed_bad            integer    it was the last word at as_of
with final as (
    select
        o.order_id,
        o.created_at,
        o.buyer_id,
        o.product_id,
        o.paid_usd,
        v.known_day,
        case when v.known_day is null then 0 else 1 end as is_confirmed_bad
    from facts.order_facts as o
    left join facts.verdicts as v
        on
            v.entity_type = 'buyer'
            and o.buyer_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, $as_of)
    where
        party_id(
            $entity_type, o.merchant_id, o.creator_id, o.product_id, o.buyer_id
        ) = $entity_id
        and within(o.day, $as_of, $days)
)

select * from final
order by
    is_confirmed_bad desc nulls last,
    created_at desc nulls last,
    order_id desc
