-- How many orders of a day fall into each bin of each column, by market.
--
-- Bins are the same on every day and in every market, so any window of any markets is a sum
-- of these rows: two windows are compared without going back to the orders.
--
-- grain:   column_name, market, day, bin
-- params:  none
-- returns: column_name       varchar
--          market            varchar  of the shop
--          day               date     local to the market, whole
--          bin               integer  drift.bins
--          orders            bigint
--          clusters          double   the same, each cluster counted once
--          clusters_touched  bigint   with an order in the bin
with binned as (
    select
        v.column_name,
        v.market,
        v.day,
        v.cluster_id,
        v.cluster_share,
        case
            when v.number is null and v.level is null then 0
            else coalesce(b.bin, -1)
        end as bin
    from settled_values() as v
    left join drift.bins as b
        on
            v.column_name = b.column_name
            and (v.level = b.level or (v.number > b.low and v.number <= b.high))
),

final as (
    select
        column_name,
        market,
        day,
        bin,
        count(*) as orders,
        cast(sum(cast(cluster_share as decimal(24, 12))) as double) as clusters,
        -- A cluster of one order needs no comparison with others.
        count(*) filter (where cluster_share = 1)
        + count(distinct case when cluster_share < 1 then cluster_id end)
            as clusters_touched
    from binned
    group by column_name, market, day, bin
)

select * from final
