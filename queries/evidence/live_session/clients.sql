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
with final as (
    select
        s.order_id,
        s.created_at,
        s.buyer_id,
        s.paid_usd,
        round(o.buyer_age_days, 4) as buyer_age_days,
        o.device_accounts,
        case when v.entity_id is null then 0 else 1 end as is_confirmed_bad,
        r.base_rate
    from facts.session_orders as s
    inner join facts.order_facts as o on s.order_id = o.order_id
    inner join population.base_rates as r
        on r.entity_type = 'buyer' and r.as_of = cast($as_of as date)
    left join facts.verdicts as v
        on
            v.entity_type = 'buyer'
            and s.buyer_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, $as_of)
    where s.live_session_id = $entity_id and s.placed_on < $as_of
)

select * from final
order by
    is_confirmed_bad desc nulls last,
    buyer_age_days asc nulls last,
    order_id asc nulls last
