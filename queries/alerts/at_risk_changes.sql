-- Money that began or ceased to be held on a day, subject by subject, each amount times the
-- probability that who gets it is bad as today's build has it.
--
-- grain:   kind, day, market, category, entity_type, entity_id
-- params:  none
-- returns: kind         varchar  gmv: the shop's; commission: the creator's
--          day          date     local to the market
--          market       varchar  of the shop
--          category     varchar  of the listing
--          entity_type  varchar  merchant or creator
--          entity_id    varchar
--          amount_usd   decimal(38,6)  below zero: more was released than came in
--          orders       bigint
with amounts as (
    select
        'gmv' as kind,
        s.order_id,
        s.settled_at as released_at,
        o.gmv_usd as amount_usd,
        'merchant' as entity_type,
        o.merchant_id as entity_id
    from staging.settlements as s
    inner join metrics.order_outcomes as o on s.order_id = o.order_id
    union all
    select
        'commission' as kind,
        order_id,
        paid_at as released_at,
        amount_usd,
        'creator' as entity_type,
        creator_id as entity_id
    from staging.commissions
),

held as (
    select
        a.kind,
        o.day,
        o.market,
        o.category,
        a.entity_type,
        a.entity_id,
        local_day(a.released_at, c.time_zone) as released_day,
        cast(a.amount_usd * p.probability as decimal(18, 6)) as amount_usd
    from amounts as a
    inner join metrics.order_outcomes as o on a.order_id = o.order_id
    inner join metrics.clocks as c on o.market = c.market
    inner join alerts.probabilities as p
        on a.entity_type = p.entity_type and a.entity_id = p.entity_id
),

changes as (
    select
        kind,
        day,
        market,
        category,
        entity_type,
        entity_id,
        amount_usd,
        1 as orders
    from held
    union all
    select
        kind,
        released_day as day,
        market,
        category,
        entity_type,
        entity_id,
        -amount_usd as amount_usd,
        -1 as orders
    from held
    where released_day is not null
),

final as (
    select
        kind,
        day,
        market,
        category,
        entity_type,
        entity_id,
        cast(sum(amount_usd) as decimal(38, 6)) as amount_usd,
        cast(sum(orders) as bigint) as orders
    from changes
    group by kind, day, market, category, entity_type, entity_id
)

select * from final
