-- Every scored entity with its name and the peers it is compared with.
--
-- A live room has the market, category and peers of its host; it was born when
-- it started.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type    varchar    merchant, creator, product, buyer or
--                                    live_session
--          entity_id      varchar
--          node           varchar    entity_type:entity_id
--          name           varchar    as typed, hostile until escaped; the id where none
--          market         varchar    null where nobody said
--          category       varchar    null for buyers
--          peer_group     varchar    market / category, of what is known; market for
--                                    buyers; all of its type where nobody said
--          registered_at  timestamp  null for whom only scores name
with merchants as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        name,
        market,
        category,
        registered_at
    from staging.merchants
),

creators as (
    select
        'creator' as entity_type,
        creator_id as entity_id,
        handle as name,
        market,
        category,
        registered_at
    from staging.creators
),

products as (
    select
        'product' as entity_type,
        p.product_id as entity_id,
        p.title as name,
        m.market,
        p.category,
        p.listed_at as registered_at
    from staging.products as p
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
),

buyers as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        name,
        market,
        cast(null as varchar) as category,
        registered_at
    from staging.buyers
),

live_sessions as (
    select
        'live_session' as entity_type,
        s.live_session_id as entity_id,
        s.title as name,
        c.market,
        c.category,
        s.started_at as registered_at
    from staging.live_sessions as s
    inner join staging.creators as c on s.creator_id = c.creator_id
),

scored_entities as (
    select
        entity_type,
        entity_id,
        name,
        market,
        category,
        cast(null as timestamp) as registered_at
    from staging.scored_entities
),

all_entities as (
    select * from merchants
    union all
    select * from creators
    union all
    select * from products
    union all
    select * from buyers
    union all
    select * from live_sessions
    union all
    select * from scored_entities
),

final as (
    select
        entity_type,
        entity_id,
        entity_type || ':' || entity_id as node,
        coalesce(name, entity_id) as name,
        market,
        category,
        case
            when market is null and category is null
                then 'all ' || replace(entity_type, '_', ' ') || 's'
            else concat_ws(' / ', market, category)
        end as peer_group,
        registered_at
    from all_entities
)

select * from final
