-- Daily sums of the filtered slices, split by one dimension or not at all.
--
-- grain:   day, slice
-- params:  since       date
--          until       date
--          markets     varchar[]  list, empty = every
--          categories  varchar[]  list, empty = every
--          channels    varchar[]  list, empty = every
--          split       varchar
-- returns: day                    date
--          slice                  varchar  value of the split, or 'all'
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
select
    day,
    coalesce(
        case $split
            when 'market' then market
            when 'category' then category
            when 'channel' then channel
            else 'all'
        end,
        ''
    ) as slice,
    cast(sum(orders) as double) as orders,
    cast(sum(gmv_usd) as double) as gmv_usd,
    cast(sum(refunds) as double) as refunds,
    cast(sum(refund_usd) as double) as refund_usd,
    cast(sum(voucher_usd) as double) as voucher_usd,
    cast(sum(young_account_orders) as double) as young_account_orders,
    cast(sum(crowded_device_orders) as double) as crowded_device_orders,
    cast(sum(delivered) as double) as delivered,
    cast(sum(late_dispatches) as double) as late_dispatches,
    cast(sum(refunded_orders) as double) as refunded_orders,
    cast(sum(not_received_orders) as double) as not_received_orders,
    cast(sum(low_ratings) as double) as low_ratings,
    cast(sum(ratings) as double) as ratings
from metrics.days
where
    day between cast($since as date) and cast($until as date)
    and is_chosen(cast($markets as varchar[]), market)
    and is_chosen(cast($categories as varchar[]), category)
    and is_chosen(cast($channels as varchar[]), channel)
group by day, slice
order by day asc nulls last, slice asc nulls last
