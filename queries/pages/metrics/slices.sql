-- Sums of each slice over a period and over the equal period before it.
--
-- grain:   slice, is_current
-- params:  since       date
--          until       date
--          markets     varchar[]  list, empty = every
--          categories  varchar[]  list, empty = every
--          channels    varchar[]  list, empty = every
--          split       varchar
-- returns: slice                  varchar  value of the split, or 'all'
--          is_current             boolean  false = the period before
--          orders                 double
--          gmv_usd                double
--          refunds                double
--          refund_usd             double
--          voucher_usd            double
--          young_account_orders   double
--          crowded_device_orders  double
--          delivered              double
--          late_dispatches        double
--          refunded_orders        double  of the day's orders
--          not_received_orders    double  of the day's orders
--          low_ratings            double
--          ratings                double
with period as (
    select
        cast($since as date) as since,
        cast($until as date) as until,
        cast($until as date) - cast($since as date) + 1 as length
)

select
    coalesce(
        case $split
            when 'market' then d.market
            when 'category' then d.category
            when 'channel' then d.channel
            else 'all'
        end,
        ''
    ) as slice,
    d.day >= p.since as is_current,
    cast(sum(d.orders) as double) as orders,
    cast(sum(d.gmv_usd) as double) as gmv_usd,
    cast(sum(d.refunds) as double) as refunds,
    cast(sum(d.refund_usd) as double) as refund_usd,
    cast(sum(d.voucher_usd) as double) as voucher_usd,
    cast(sum(d.young_account_orders) as double) as young_account_orders,
    cast(sum(d.crowded_device_orders) as double) as crowded_device_orders,
    cast(sum(d.delivered) as double) as delivered,
    cast(sum(d.late_dispatches) as double) as late_dispatches,
    cast(sum(d.refunded_orders) as double) as refunded_orders,
    cast(sum(d.not_received_orders) as double) as not_received_orders,
    cast(sum(d.low_ratings) as double) as low_ratings,
    cast(sum(d.ratings) as double) as ratings
from metrics.days as d
cross join period as p
where
    d.day between p.since - cast(p.length as integer) and p.until
    and is_chosen(cast($markets as varchar[]), d.market)
    and is_chosen(cast($categories as varchar[]), d.category)
    and is_chosen(cast($channels as varchar[]), d.channel)
group by slice, is_current
order by slice asc nulls last, is_current asc nulls last
