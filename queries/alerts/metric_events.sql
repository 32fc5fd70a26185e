-- Who makes the metrics that no order makes: what each subject added to them, day by day.
--
-- The sum over all subjects of a market is the metric of that market. Of a stock (money at
-- risk) a row is what came in or went out on the day, so that its sum up to a day is what
-- there was at the end of it.
--
-- grain:   metric, day, entity_type, entity_id
-- params:  none
-- returns: metric       varchar  code of the metric
--          day          date     local to the market
--          market       varchar  that the metric counts it in
--          entity_type  varchar
--          entity_id    varchar
--          amount       double   in the unit of the metric
with turns as (
    select
        l.entity_id,
        l.first_seen_at,
        row_number() over (
            partition by l.relation, l.identifier_id
            order by l.first_seen_at, l.entity_id
        ) as turn
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where l.entity_type = 'buyer' and not i.is_hub and l.relation <> 'ip'
),

of_buyers as (
    select
        'sign_ups' as metric,
        buyer_id,
        registered_at as happened_at
    from staging.buyers
    union all
    select
        'declined_payments' as metric,
        buyer_id,
        attempted_at as happened_at
    from staging.declined_payments
    union all
    select
        'new_links' as metric,
        entity_id as buyer_id,
        first_seen_at as happened_at
    from turns
    where turn > 1
),

versions as (
    select
        product_id,
        valid_from,
        price_usd,
        lag(price_usd) over (
            partition by product_id order by version
        ) as earlier_usd
    from staging.listing_versions
),

of_products as (
    select
        'price_drops' as metric,
        product_id,
        valid_from as happened_at
    from versions
    where price_usd <= 0.7 * earlier_usd
    union all
    select
        'removed_listings' as metric,
        product_id,
        removed_at as happened_at
    from staging.products
    where removed_at is not null
),

audiences as (
    select
        creator_id,
        day,
        followers,
        lag(followers) over (
            partition by creator_id order by day
        ) as followers_before
    from staging.creator_days
),

events as (
    select
        e.metric,
        local_day(e.happened_at, c.time_zone) as day,
        b.market,
        'buyer' as entity_type,
        e.buyer_id as entity_id,
        1.0 as amount
    from of_buyers as e
    inner join staging.buyers as b on e.buyer_id = b.buyer_id
    inner join metrics.clocks as c on b.market = c.market
    union all
    select
        e.metric,
        local_day(e.happened_at, c.time_zone) as day,
        m.market,
        'product' as entity_type,
        e.product_id as entity_id,
        1.0 as amount
    from of_products as e
    inner join staging.products as p on e.product_id = p.product_id
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    union all
    select
        'follower_steps' as metric,
        a.day,
        o.market,
        'creator' as entity_type,
        a.creator_id as entity_id,
        1.0 as amount
    from audiences as a
    inner join staging.creators as o on a.creator_id = o.creator_id
    inner join metrics.clocks as c on o.market = c.market
    where
        a.followers >= 1.1 * a.followers_before
        and a.followers >= a.followers_before + 50
        and a.day between c.first_whole_day and c.last_whole_day
    union all
    select
        'voucher_claims' as metric,
        day,
        market,
        'buyer' as entity_type,
        buyer_id as entity_id,
        cast(voucher_orders as double) as amount
    from metrics.order_outcomes
    where voucher_orders > 0
    union all
    select
        kind || '_at_risk' as metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(amount_usd as double) as amount
    from alerts.at_risk_changes
    union all
    select
        'prevented_loss' as metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(saved_usd as double) as amount
    from metrics.prevented_losses
),

final as (
    select
        e.metric,
        e.day,
        e.market,
        e.entity_type,
        e.entity_id,
        cast(sum(cast(e.amount as decimal(24, 6))) as double) as amount
    from events as e
    inner join metrics.clocks as c on e.market = c.market
    where e.metric <> 'sign_ups' or e.day >= c.first_whole_day
    group by e.metric, e.day, e.market, e.entity_type, e.entity_id
)

select * from final
