-- Orders of one live room with the accounts behind them, youngest first.
--
-- grain:   order_id
-- params:  entity_id         varchar    the live session
--          as_of             date       what was known before this day
-- returns: order_id          varchar
--          created_at        timestamp  UTC
--          buyer_id          varchar
--          paid_usd          double     USD
--          buyer_age_days    double     days since the account registered
--          device_accounts   bigint     accounts on its device so far
--          is_confirmed_bad  integer    the account's last verdict at as_of is bad
--          base_rate         double     share of all buyers confirmed bad
with bad_buyers as (
    select entity_id as buyer_id
    from facts.verdicts
    where
        entity_type = 'buyer'
        and label = 'bad'
        and in_force(known_day, replaced_day, $as_of)
),

base_rates as (
    select base_rate
    from population.base_rates
    where entity_type = 'buyer' and as_of = cast($as_of as date)
),

final as (
    select
        s.order_id,
        s.created_at,
        s.buyer_id,
        s.paid_usd,
        round(o.buyer_age_days, 4) as buyer_age_days,
        o.device_accounts,
        case when c.buyer_id is null then 0 else 1 end as is_confirmed_bad,
        r.base_rate
    from facts.session_orders as s
    inner join facts.order_facts as o on s.order_id = o.order_id
    cross join base_rates as r
    left join bad_buyers as c on s.buyer_id = c.buyer_id
    where s.live_session_id = $entity_id and s.placed_on < $as_of
)

select * from final
order by
    is_confirmed_bad desc nulls last,
    buyer_age_days asc nulls last,
    order_id asc nulls last
