-- Accounts and shops of a crowd nobody suspects: it came together to odd listings of several shops.
--
-- A pattern without a name has no verdicts to learn from. What stands far apart by its own
-- figures (scores.anomalies) is looked at for who came: where a good part of the buyers of
-- one listing are those of a listing of another shop, far beyond chance and within days, all
-- who came to both in that time are one crowd. Two listings that everybody likes share
-- buyers all year.
--
-- grain:   node
-- params:  crowd_accounts  bigint  buyers in common, at least
--          crowd_share     double  part of the buyers of each listing
--          crowd_surprise  double  least surprise of as many in common
--          crowd_days      double  days in which all of those came to a listing
-- returns: node          varchar  type:id of a buyer or merchant
--          entity_type   varchar
--          entity_id     varchar
--          visits_there  bigint   visits to such listings, of a shop accounts that came
with surfaced as (
    select
        entity_type,
        entity_id
    from scores.anomalies
    where is_surfaced and entity_type in ('merchant', 'product')
),

odd_listings as (
    select product_id
    from staging.products
    where
        product_id in (select s.entity_id from surfaced as s)
        or merchant_id in (select s.entity_id from surfaced as s)
),

visits as (
    select
        product_id,
        merchant_id,
        buyer_id,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from staging.orders
    where buyer_id is not null
    group by product_id, merchant_id, buyer_id
),

listings as (
    select
        product_id,
        cast(count(*) as double) as buyers
    from visits
    group by product_id
),

everybody as (
    select cast(count(distinct buyer_id) as double) as buyers
    from visits
),

pairs as (
    select
        a.product_id,
        b.product_id as other_id,
        count(*) as shared
    from visits as a
    inner join visits as b
        on a.buyer_id = b.buyer_id and a.merchant_id <> b.merchant_id
    where a.product_id in (select o.product_id from odd_listings as o)
    group by a.product_id, b.product_id
    having count(*) >= $crowd_accounts
),

strange as (
    select
        p.product_id,
        p.other_id
    from pairs as p
    inner join listings as a on p.product_id = a.product_id
    inner join listings as b on p.other_id = b.product_id
    cross join everybody as e
    where
        p.shared >= $crowd_share * greatest(a.buyers, b.buyers)
        and surprise(p.shared, b.buyers, a.buyers / e.buyers)
        >= $crowd_surprise
),

-- When those in common came to each listing of a pair.
spans as (
    select
        s.product_id,
        s.other_id,
        min(a.first_seen_at) as own_from,
        max(a.last_seen_at) as own_until,
        min(b.first_seen_at) as other_from,
        max(b.last_seen_at) as other_until
    from strange as s
    inner join visits as a on s.product_id = a.product_id
    inner join visits as b
        on s.other_id = b.product_id and a.buyer_id = b.buyer_id
    group by s.product_id, s.other_id
    having
        date_diff('hour', min(a.first_seen_at), max(a.last_seen_at))
        <= 24.0 * $crowd_days
        and date_diff('hour', min(b.first_seen_at), max(b.last_seen_at))
        <= 24.0 * $crowd_days
),

campaigns as (
    select
        product_id,
        own_from as began_at,
        own_until as ended_at
    from spans
    union all
    select
        other_id as product_id,
        other_from as began_at,
        other_until as ended_at
    from spans
),

present as (
    select
        v.buyer_id,
        v.merchant_id
    from campaigns as c
    inner join visits as v
        on
            c.product_id = v.product_id
            and c.ended_at >= v.first_seen_at
            and c.began_at <= v.last_seen_at
),

final as (
    select
        'buyer:' || buyer_id as node,
        'buyer' as entity_type,
        buyer_id as entity_id,
        count(*) as visits_there
    from present
    group by buyer_id
    union all
    select
        'merchant:' || merchant_id as node,
        'merchant' as entity_type,
        merchant_id as entity_id,
        count(distinct buyer_id) as visits_there
    from present
    group by merchant_id
)

select * from final
