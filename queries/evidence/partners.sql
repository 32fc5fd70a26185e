-- The shops a creator sold for in a window, or the creators that sold for a shop.
--
-- grain:   partner_id
-- params:  entity_type              varchar  merchant or creator
--          entity_id                varchar
--          as_of                    date     what was known before this day
--          days                     bigint   length of the window
-- returns: partner_id               varchar
--          name                     varchar  as typed
--          shared_orders            bigint   orders by this creator at this shop
--          orders                   bigint   all orders of the partner
--          accounts_per_device      double   accounts on a typical device of these
--          is_confirmed_bad         integer  the partner's last verdict at as_of is bad
--          base_rate                double   share of all such partners confirmed bad
--          own_orders               bigint   orders of the subject itself
--          own_accounts_per_device  double   accounts on a typical device of these
with partner_types as (
    select
        case $entity_type
            when 'merchant' then 'creator'
            else 'merchant'
        end as partner_type
),

trades as (
    select
        case $entity_type
            when 'merchant' then merchant_id
            else creator_id
        end as entity_id,
        case $entity_type
            when 'merchant' then creator_id
            else merchant_id
        end as partner_id,
        ln(device_accounts) as device_log
    from facts.order_facts
    where
        within(day, $as_of, $days)
),

partners as (
    select
        partner_id,
        count(*) as shared_orders
    from trades
    where entity_id = $entity_id and partner_id is not null
    group by partner_id
),

partner_totals as (
    select
        m.partner_id,
        m.shared_orders,
        count(*) as orders,
        avg(p.device_log) as device_log
    from partners as m
    inner join trades as p on m.partner_id = p.partner_id
    group by m.partner_id, m.shared_orders
),

own_totals as (
    select
        count(*) as orders,
        avg(device_log) as device_log
    from trades
    where entity_id = $entity_id
),

final as (
    select
        s.partner_id,
        e.name,
        s.shared_orders,
        s.orders,
        exp(s.device_log) as accounts_per_device,
        case when v.entity_id is null then 0 else 1 end as is_confirmed_bad,
        r.base_rate,
        o.orders as own_orders,
        exp(o.device_log) as own_accounts_per_device
    from partner_totals as s
    cross join own_totals as o
    cross join partner_types as k
    inner join graph.entities as e
        on k.partner_type = e.entity_type and s.partner_id = e.entity_id
    inner join population.base_rates as r
        on k.partner_type = r.entity_type and r.as_of = cast($as_of as date)
    left join facts.verdicts as v
        on
            k.partner_type = v.entity_type
            and s.partner_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, $as_of)
)

select * from final
order by
    is_confirmed_bad desc nulls last,
    shared_orders desc nulls last,
    partner_id asc nulls last
