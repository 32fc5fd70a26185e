-- What the daily metrics can be sliced by: each value that occurs.
--
-- grain:   dimension, choice
-- params:  none
-- returns: dimension  varchar  market | category | channel
--          choice     varchar
--          orders     bigint
--          first_day  date
--          last_day   date
with choices as (
    select
        'market' as dimension,
        market as choice,
        orders,
        day
    from metrics.days
    union all
    select
        'category' as dimension,
        category as choice,
        orders,
        day
    from metrics.days
    union all
    select
        'channel' as dimension,
        channel as choice,
        orders,
        day
    from metrics.days
)

select
    dimension,
    choice,
    cast(sum(orders) as bigint) as orders,
    min(day) as first_day,
    max(day) as last_day
from choices
where choice is not null
group by dimension, choice
order by dimension asc nulls last, choice asc nulls last
