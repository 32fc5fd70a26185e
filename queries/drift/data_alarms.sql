-- Columns whose orders were unlike the 28 days before, and the event announced nearest to it.
--
-- What an alarm is: docs/decisions/0127-drift-by-day.md. The share is of the orders at or
-- below `high`, of one level, missing, in levels that the reference does not have, or above
-- `low` in the tail; the event began on the day or the one before, in the market or in all of them.
--
-- grain:   column_name, market, day
-- params:  none
-- returns: column_name   varchar
--          market        varchar  of the shop, or all
--          day           date     local to the market
--          kind          varchar  number, level, missing, unseen, high tail
--          high          double   upper edge of the share of a number
--          low           double   lower edge of the high tail
--          level         varchar
--          share_before  double   0..1, of the orders of the days before
--          share         double   0..1, of the orders of the day
--          effect        double   Cohen's h
--          q_value       double   Benjamini and Hochberg, over the day
--          psi           double
--          psi_floor     double   noise: exceeded by chance in one day of a hundred
--          orders        bigint
--          event_id      varchar  metrics.events
with tops as (
    select
        column_name,
        max(bin) as bin
    from drift.bins
    where kind = 'number'
    group by column_name
),

alarms as (
    select
        d.*,
        case
            when b.kind = 'number' and d.bin = t.bin then 'high tail'
            else b.kind
        end as kind,
        b.high,
        b.low,
        b.level
    from drift.data_days as d
    inner join drift.bins as b
        on d.column_name = b.column_name and d.bin = b.bin
    left join tops as t on d.column_name = t.column_name
    where d.is_alarm and d.against = 'trailing'
),

event_days as (
    select
        e.event_id,
        e.market is null as is_everywhere,
        c.market,
        local_day(e.starts_at, c.time_zone) as start_day
    from metrics.events as e
    inner join metrics.clocks as c on e.market is null or e.market = c.market
),

nearest_events as (
    select
        a.column_name,
        a.market,
        a.day,
        e.event_id,
        row_number() over (
            partition by a.column_name, a.market, a.day
            order by
                date_diff('day', e.start_day, a.day),
                e.is_everywhere,
                e.event_id
        ) as place
    from alarms as a
    inner join event_days as e
        on
            (a.market = e.market or (a.market = 'all' and e.is_everywhere))
            and a.day >= e.start_day
            and a.day <= e.start_day + 1
),

final as (
    select
        a.column_name,
        a.market,
        a.day,
        a.kind,
        a.high,
        a.low,
        a.level,
        a.share_before,
        a.share,
        a.effect,
        a.q_value,
        a.psi,
        a.psi_floor,
        a.orders,
        e.event_id
    from alarms as a
    left join nearest_events as e
        on
            a.column_name = e.column_name
            and a.market = e.market
            and a.day = e.day
            and e.place = 1
)

select * from final
