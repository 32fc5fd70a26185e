-- Who was where together with somebody else, in overlapping buckets of time.
--
-- Buckets are 2 hours, 1 day and 3 days wide. Each width stands twice, the second time
-- moved by half, so that no boundary cuts a pair apart. A bucket with more visits than
-- its cap is a crowd and left out.
--
-- grain:   spot_id, buyer_key, hour_number
-- params:  none
-- returns: spot_id      bigint   one object in one bucket of one width
--          width_hours  bigint   2, 24 or 72
--          half_hours   bigint   0, or half the width
--          k            bigint   objects that make a pair at this width
--          object_key   bigint   of the listing or live session
--          buyer_key    bigint   of the account
--          hour_number  bigint   hours since 2000, UTC
--          is_heaviest  boolean  the most popular thing the account was at

-- k: two strangers meet at one popular listing by chance, at three of them within
-- the same hours or day hardly; over three days it takes a fourth. crowd: a bucket
-- costs the square of its size. It is smaller for long buckets because honest sales
-- fill those, while a ring that fills a long one stands in short ones too.
with widths as (
    select unnest([
        { 'cut': 0, 'width': 2, 'half': 0, 'k': 3, 'crowd': 100 },
        { 'cut': 1, 'width': 2, 'half': 1, 'k': 3, 'crowd': 100 },
        { 'cut': 2, 'width': 24, 'half': 0, 'k': 3, 'crowd': 70 },
        { 'cut': 3, 'width': 24, 'half': 12, 'k': 3, 'crowd': 70 },
        { 'cut': 4, 'width': 72, 'half': 0, 'k': 4, 'crowd': 30 },
        { 'cut': 5, 'width': 72, 'half': 36, 'k': 4, 'crowd': 30 }
    ]) as w
),

-- 262,144 buckets of two hours last until 2059.
visit_spots as (
    select
        (v.object_key * 6 + w.cut) * 262144
        + (v.hour_number + w.half) // w.width as spot_id,
        w.crowd
    from graph.lockstep_visits as v
    cross join widths
),

shared_spots as (
    select spot_id
    from visit_spots
    group by spot_id, crowd
    having count(*) between 2 and crowd
),

eligible_visits as (
    select
        (v.object_key * 6 + w.cut) * 262144
        + (v.hour_number + w.half) // w.width as spot_id,
        cast(w.width as bigint) as width_hours,
        cast(w.half as bigint) as half_hours,
        cast(w.k as bigint) as k,
        v.object_key,
        v.buyer_key,
        v.hour_number,
        v.is_heaviest
    from graph.lockstep_visits as v
    cross join widths
    where v.visits >= w.k
),

final as (
    select b.*
    from eligible_visits as b
    inner join shared_spots as c on b.spot_id = c.spot_id
)

select * from final
