-- Listings of one shop, or one listing, that were reported as fake in a window.
--
-- grain:   product_id
-- params:  entity_type   varchar  merchant or product
--          entity_id     varchar
--          as_of         date     what was known before this day
--          days          bigint   length of the window
-- returns: product_id    varchar
--          title         varchar    as typed
--          reports       bigint     that its goods are fake
--          last_report   timestamp  UTC
--          orders        bigint     of the listing
with reports as (
    select
        product_id,
        count(*) as reports,
        max(known_at) as last_report
    from facts.trouble_facts
    where
        party_id($entity_type, merchant_id, null, product_id, null) = $entity_id
        and kind = 'complaint'
        and detail = 'counterfeit'
        and within(day, $as_of, $days)
    group by product_id
),

final as (
    select
        r.product_id,
        p.title,
        r.reports,
        r.last_report,
        count(o.order_id) as orders
    from reports as r
    inner join staging.products as p on r.product_id = p.product_id
    left join facts.order_facts as o
        on r.product_id = o.product_id and within(o.day, $as_of, $days)
    group by r.product_id, p.title, r.reports, r.last_report
)

select * from final
order by reports desc nulls last, product_id asc nulls last
