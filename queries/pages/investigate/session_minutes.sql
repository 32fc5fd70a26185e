-- What happened in one live room minute by minute, and where its entries surge.
--
-- A surge begins at a minute from which four bring far more than the pace: the median of the
-- 20 minutes on both sides, or the four minutes before where these are more. At least twice
-- it, four standard deviations of counts above it and 3 % of all entries; the steepest minute
-- of the six on both sides is where it begins.
--
-- grain:   minute
-- params:  entity_id       varchar
-- returns: minute          bigint   since it started
--          viewers         bigint   present
--          joins           bigint   entries
--          comments        bigint
--          product_clicks  bigint
--          orders          bigint
--          pace            double   entries a minute that were to be expected
--          surging         double   entries a minute of this and the three after it
--          is_surge        boolean  a surge begins here
with paced as (
    select
        minute,
        viewers,
        joins,
        comments,
        product_clicks,
        orders,
        avg(joins) over (
            order by minute rows between current row and 3 following
        ) as surging,
        avg(joins) over before as joins_before,
        count(joins) over before as minutes_before,
        median(joins) over (
            order by minute rows between 20 preceding and 20 following
        ) as usual,
        sum(joins) over () as total
    from staging.engagement_minutes
    where live_session_id = $entity_id
    window
        before as (
            order by minute rows between 4 preceding and 1 preceding
        )
),

steep as (
    select
        *,
        greatest(joins_before, usual) as pace,
        (surging - greatest(joins_before, usual)) / sqrt(
            surging / 4
            + greatest(joins_before, usual) / nullif(minutes_before, 0)
            + 0.1
        ) as steepness
    from paced
),

topped as (
    select
        *,
        max(steepness) over (
            order by minute rows between 6 preceding and 6 following
        ) as top
    from steep
)

select
    cast(minute as bigint) as minute,
    cast(viewers as bigint) as viewers,
    cast(joins as bigint) as joins,
    cast(comments as bigint) as comments,
    cast(product_clicks as bigint) as product_clicks,
    cast(orders as bigint) as orders,
    pace,
    surging,
    coalesce(
        steepness = top
        and steepness >= 4
        and surging >= 2 * pace
        and 4 * surging >= 0.03 * total,
        false
    ) as is_surge
from topped
order by minute asc nulls last
