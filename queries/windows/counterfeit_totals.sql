-- How often goods were reported as fake: of a listing, and of a shop's worst listing.
--
-- One bad listing among honest ones does not show in what the whole shop is told, so
-- the shop answers for the worst of them. One report may be a mistake, so a rate takes
-- two, and orders enough to mean something.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type           varchar  merchant, product
--          entity_id             varchar
--          as_of                 date     only days before it count
--          counterfeit_rate_90d  double   reports per order, 90 days
with reports as (
    select
        f.merchant_id,
        f.product_id,
        s.entity_type,
        s.as_of,
        cast(count(*) as double) as reports
    from facts.trouble_facts as f
    inner join facts.snapshots as s
        on
            s.entity_type in ('merchant', 'product')
            and within(f.day, s.as_of, 90)
    where f.kind = 'complaint' and f.detail = 'counterfeit'
    group by f.merchant_id, f.product_id, s.entity_type, s.as_of
    having count(*) >= least_reports()
),

rates as (
    select
        r.merchant_id,
        r.product_id,
        r.entity_type,
        r.as_of,
        rate(r.reports, count(*), least_orders()) as rate_90d
    from reports as r
    inner join facts.order_facts as o
        on r.product_id = o.product_id and within(o.day, r.as_of, 90)
    group by r.merchant_id, r.product_id, r.entity_type, r.as_of, r.reports
),

final as (
    select
        entity_type,
        case
            when entity_type = 'merchant' then merchant_id else product_id
        end as entity_id,
        as_of,
        max(rate_90d) as counterfeit_rate_90d
    from rates
    group by
        entity_type,
        case
            when entity_type = 'merchant' then merchant_id else product_id
        end,
        as_of
)

select * from final
