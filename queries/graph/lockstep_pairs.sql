-- Two accounts that were at the same k listings or live rooms within the same hours.
--
-- A meeting counts from the day its bucket is over: only then is the bucket known to
-- be no crowd.
--
-- grain:   width_hours, buyer_id, partner_id
-- params:  none
-- returns: width_hours  bigint   width of the buckets they met in: 2, 24, 72
--          buyer_id     varchar  each pair stands here both ways round
--          partner_id   varchar
--          reached_day  date     UTC day in which their k-th meeting was over

-- Of k things that two accounts share, k - 1 are the most popular of neither. So
-- leaving out each account's most popular one loses no pair and saves half the
-- work (prefix filter: Chaudhuri, Ganti, Kaushik 2006). Two in one bucket of the
-- first half are judged there, not once more in the second.
with candidates as (
    select
        a.width_hours,
        a.buyer_key,
        b.buyer_key as partner_key
    from graph.lockstep_spots as a
    inner join graph.lockstep_spots as b
        on
            a.spot_id = b.spot_id
            and a.buyer_key < b.buyer_key
            and (
                a.half_hours = 0
                or a.hour_number // a.width_hours
                <> b.hour_number // b.width_hours
            )
    where not a.is_heaviest and not b.is_heaviest
    group by a.width_hours, a.k, a.buyer_key, b.buyer_key
    having count(*) >= a.k - 1
),

-- Who met where is asked of the spots, and candidates only keep what they name: joined
-- the other way round, every place of an account stands beside each of its partners.
meetings as (
    select
        a.width_hours,
        a.buyer_key,
        b.buyer_key as partner_key,
        a.object_key,
        a.k,
        min(
            (a.hour_number + a.half_hours) // a.width_hours * a.width_hours
            + a.width_hours - a.half_hours - 1
        ) as last_hour
    from graph.lockstep_spots as a
    inner join graph.lockstep_spots as b
        on
            a.spot_id = b.spot_id
            and a.buyer_key < b.buyer_key
            and (
                a.half_hours = 0
                or a.hour_number // a.width_hours
                <> b.hour_number // b.width_hours
            )
    semi join candidates as c
        on
            a.width_hours = c.width_hours
            and a.buyer_key = c.buyer_key
            and b.buyer_key = c.partner_key
    group by
        a.width_hours, a.buyer_key, b.buyer_key, a.object_key, a.k
),

meeting_ranks as (
    select
        width_hours,
        buyer_key,
        partner_key,
        date '2000-01-01' + cast(last_hour // 24 as integer) as met_day,
        k,
        row_number() over (
            partition by width_hours, buyer_key, partner_key
            order by last_hour asc nulls last, object_key asc nulls last
        ) as place
    from meetings
),

pairs as (
    select
        width_hours,
        buyer_key,
        partner_key,
        met_day as reached_day
    from meeting_ranks
    where place = k
    union all
    select
        width_hours,
        partner_key as buyer_key,
        buyer_key as partner_key,
        met_day as reached_day
    from meeting_ranks
    where place = k
),

account_names as (
    select
        buyer_key,
        min(buyer_id) as buyer_id
    from graph.lockstep_visits
    group by buyer_key
),

final as (
    select
        r.width_hours,
        n.buyer_id,
        m.buyer_id as partner_id,
        r.reached_day
    from pairs as r
    inner join account_names as n on r.buyer_key = n.buyer_key
    inner join account_names as m on r.partner_key = m.buyer_key
)

select * from final
