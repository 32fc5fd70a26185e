-- Orders of one account with what was known of the shop, the worst shops first.
--
-- grain:   order_id
-- params:  entity_id         varchar  the account
--          as_of             date     what was known before this day
--          days              bigint   length of the window
-- returns: order_id          varchar
--          created_at        timestamp  UTC
--          merchant_id       varchar    the shop
--          name              varchar    its name as typed
--          paid_usd          double     USD
--          is_confirmed_bad  integer    the shop's last verdict at as_of is bad
--          closed_siblings   bigint     closed shops behind the same desk
--          base_rate         double     share of all shops confirmed bad
with confirmed as (
    select entity_id as merchant_id
    from features.verdicts
    where
        entity_type = 'merchant'
        and label = 'bad'
        and known_day < $as_of
        and coalesce(replaced_day, date '9999-12-31') >= $as_of
),

siblings as (
    select
        merchant_id,
        count(distinct sibling_id) as closed_siblings
    from features.sibling_shops
    where
        known_from < cast($as_of as timestamp)
        and closed_at < cast($as_of as timestamp)
        and coalesce(known_until, timestamp '9999-12-31')
        >= cast($as_of as timestamp)
    group by merchant_id
),

rates as (
    select base_rate
    from features.base_rates
    where entity_type = 'merchant' and as_of = cast($as_of as date)
),

placed as (
    select
        o.order_id,
        o.created_at,
        o.merchant_id,
        m.name,
        o.paid_usd,
        case when c.merchant_id is null then 0 else 1 end as is_confirmed_bad,
        coalesce(s.closed_siblings, 0) as closed_siblings,
        r.base_rate
    from features.order_facts as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    cross join rates as r
    left join confirmed as c on o.merchant_id = c.merchant_id
    left join siblings as s on o.merchant_id = s.merchant_id
    where
        o.buyer_id = $entity_id
        and o.day < $as_of
        and o.day >= cast($as_of as date) - cast($days as integer)
)

select * from placed
order by
    is_confirmed_bad desc nulls last,
    closed_siblings desc nulls last,
    created_at desc nulls last,
    order_id desc
