-- What buyers, listings and creators did that a metric counts and no order makes.
--
-- A sign-up before the data begin is none of theirs.
--
-- grain:   metric, day, market, part, entity_type, entity_id
-- params:  none
-- returns: metric       varchar  code of the metric
--          day          date     local to the market
--          market       varchar
--          part         varchar  what the metric is told apart by beside the
--                                market: a category, relation or reason; or null
--          entity_type  varchar
--          entity_id    varchar
--          events       bigint
with turns as (
    select
        l.relation,
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
        cast(null as varchar) as part,
        buyer_id,
        registered_at as happened_at
    from staging.buyers
    union all
    select
        'declined_payments' as metric,
        reason as part,
        buyer_id,
        attempted_at as happened_at
    from staging.declined_payments
    union all
    select
        'new_links' as metric,
        relation as part,
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
        e.part,
        'buyer' as entity_type,
        e.buyer_id as entity_id
    from of_buyers as e
    inner join staging.buyers as b on e.buyer_id = b.buyer_id
    inner join metrics.clocks as c on b.market = c.market
    where
        e.metric <> 'sign_ups'
        or local_day(e.happened_at, c.time_zone) >= c.first_whole_day
    union all
    select
        e.metric,
        local_day(e.happened_at, c.time_zone) as day,
        m.market,
        p.category as part,
        'product' as entity_type,
        e.product_id as entity_id
    from of_products as e
    inner join staging.products as p on e.product_id = p.product_id
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    union all
    select
        'follower_steps' as metric,
        a.day,
        o.market,
        cast(null as varchar) as part,
        'creator' as entity_type,
        a.creator_id as entity_id
    from audiences as a
    inner join staging.creators as o on a.creator_id = o.creator_id
    inner join metrics.clocks as c on o.market = c.market
    where
        a.followers >= 1.1 * a.followers_before
        and a.followers >= a.followers_before + 50
        and a.day between c.first_whole_day and c.last_whole_day
),

final as (
    select
        metric,
        day,
        market,
        part,
        entity_type,
        entity_id,
        count(*) as events
    from events
    group by metric, day, market, part, entity_type, entity_id
)

select * from final
