-- The listings of the shop of one listing, itself first, then the best sold.
--
-- grain:   product_id
-- params:  entity_id            varchar    the listing
--          as_of                date       what was known before this day
--          days                 bigint     length of the window
-- returns: product_id           varchar
--          title                varchar    as typed
--          listed_at            timestamp  UTC
--          removed_at           timestamp  UTC; null = still listed then
--          price_usd            double     USD, as first listed
--          orders               bigint     orders in the window
--          accounts_per_device  double     accounts on a typical device of these
--          is_own               integer    the listing itself
with product_orders as (
    select
        product_id,
        count(*) as orders,
        avg(ln(device_accounts)) as device_log
    from facts.order_facts
    where
        within(day, $as_of, $days)
    group by product_id
),

final as (
    select
        p.product_id,
        p.title,
        p.listed_at,
        case
            when p.removed_at < cast($as_of as timestamp) then p.removed_at
        end as removed_at,
        p.price_usd,
        coalesce(o.orders, 0) as orders,
        exp(o.device_log) as accounts_per_device,
        case when p.product_id = $entity_id then 1 else 0 end as is_own
    from staging.products as p
    inner join staging.products as w
        on p.merchant_id = w.merchant_id and w.product_id = $entity_id
    left join product_orders as o on p.product_id = o.product_id
    where p.listed_at < cast($as_of as timestamp)
)

select * from final
order by
    is_own desc nulls last,
    orders desc nulls last,
    product_id asc nulls last
