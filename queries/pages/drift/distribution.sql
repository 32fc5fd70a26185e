-- One column in two windows of days: orders by bin.
--
-- grain:   bin
-- params:  column_name    varchar
--          since          date
--          until          date
--          before_since   date
--          before_until   date
--          markets        varchar[]  list, empty = every
-- returns: bin            integer
--          kind           varchar    number, level, missing, unseen
--          low            double     of a number
--          high           double     of a number
--          level          varchar    as delivered: hostile until escaped
--          orders_before  bigint
--          orders         bigint
select
    b.bin,
    b.kind,
    b.low,
    b.high,
    b.level,
    cast(
        coalesce(
            sum(h.orders) filter (
                where h.day >= cast($before_since as date)
                and h.day <= cast($before_until as date)
            ),
            0
        ) as bigint
    ) as orders_before,
    cast(
        coalesce(
            sum(h.orders) filter (
                where h.day >= cast($since as date)
                and h.day <= cast($until as date)
            ),
            0
        ) as bigint
    ) as orders
from drift.bins as b
left join drift.day_histograms as h
    on
        b.column_name = h.column_name
        and b.bin = h.bin
        and is_chosen(cast($markets as varchar[]), h.market)
where b.column_name = $column_name
group by b.bin, b.kind, b.low, b.high, b.level
order by b.bin asc nulls last
