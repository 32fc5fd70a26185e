-- Whom the creators sold for and who sold for the shops, and whose buyers those have.
--
-- A creator's partners are the shops it sold for in 30 days, a shop's the creators
-- that sold for it. Their buyers are the second hop: how crowded the devices are that
-- ordered from a creator's shops, or from a shop's creators.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type         varchar  merchant, creator
--          entity_id           varchar
--          as_of               date
--          partners            double   distinct, 30 days
--          bad_partners        double   of these, last verdict bad
--          base_rate           double   share of all such partners confirmed bad
--          orders_log_30d      double   ln(1 + orders of all its partners)
--          device_log_30d      double   mean over those with 5 orders in 30 days of
--                                       their mean ln(accounts on a buyer's device)
--          device_log_sd_30d   double   its standard deviation; null below two
--          device_log_max_30d  double   the largest of these
with sales as (
    select
        s.as_of,
        d.creator_id,
        d.merchant_id
    from days.partner_days as d
    inner join facts.snapshots as s
        on
            s.entity_type = 'merchant'
            and within(d.day, s.as_of, 30)
            and (d.next_day is null or d.next_day >= s.as_of)
),

pairs as (
    select
        'creator' as entity_type,
        creator_id as entity_id,
        as_of,
        'merchant' as partner_type,
        merchant_id as partner_id
    from sales
    union all
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        as_of,
        'creator' as partner_type,
        creator_id as partner_id
    from sales
),

profiles as (
    select
        w.entity_type,
        w.entity_id,
        w.as_of,
        w.orders_30d,
        enough(
            cast(k.device_log_30d as decimal(18, 9)),
            w.orders_30d,
            least_orders()
        ) as device_log
    from windows.entity_windows as w
    left join windows.buyer_mix as k
        on
            w.entity_type = k.entity_type
            and w.entity_id = k.entity_id
            and w.as_of = k.as_of
    where w.entity_type in ('merchant', 'creator')
),

totals as (
    select
        p.entity_type,
        p.entity_id,
        p.as_of,
        p.partner_type,
        cast(count(*) as double) as partners,
        cast(count(v.entity_id) as double) as bad_partners,
        ln(1.0 + sum(c.orders_30d)) as orders_log_30d,
        cast(count(c.device_log) as double) as logs,
        cast(sum(c.device_log) as double) as log_sum,
        cast(sum(c.device_log * c.device_log) as double) as log_squares,
        cast(max(c.device_log) as double) as device_log_max_30d
    from pairs as p
    inner join profiles as c
        on
            p.partner_type = c.entity_type
            and p.partner_id = c.entity_id
            and p.as_of = c.as_of
    left join facts.verdicts as v
        on
            p.partner_type = v.entity_type
            and p.partner_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, p.as_of)
    group by p.entity_type, p.entity_id, p.as_of, p.partner_type
),

final as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        s.partners,
        s.bad_partners,
        r.base_rate,
        s.orders_log_30d,
        s.log_sum / nullif(s.logs, 0.0) as device_log_30d,
        sample_sd(s.logs, s.log_sum, s.log_squares) as device_log_sd_30d,
        s.device_log_max_30d
    from totals as s
    inner join population.base_rates as r
        on s.partner_type = r.entity_type and s.as_of = r.as_of
)

select * from final
