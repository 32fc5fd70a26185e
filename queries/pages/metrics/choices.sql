-- What the daily metrics can be sliced by: each value that occurs.
--
-- grain:   dimension, choice
-- params:  none
-- returns: dimension  varchar  market | category | channel
--          choice     varchar
--          orders     bigint
with choices as (
    select
        'market' as dimension,
        market as choice,
        orders
    from metrics.days
    union all
    select
        'category' as dimension,
        category as choice,
        orders
    from metrics.days
    union all
    select
        'channel' as dimension,
        channel as choice,
        orders
    from metrics.days
)

select
    dimension,
    choice,
    cast(sum(orders) as bigint) as orders
from choices
where choice is not null
group by dimension, choice
order by dimension asc nulls last, choice asc nulls last
