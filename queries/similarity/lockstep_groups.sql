-- Accounts that move in lockstep, at each snapshot: how tightly, and in which group.
--
-- Core numbers and groups are graph routines of pipeline/similarity/lockstep_cores.py;
-- this counts what surrounds them.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id      varchar
--          as_of         date     pairs made before it count
--          partners_2h   double   accounts it met thrice within 2 hours
--          partners_1d   double   accounts it met thrice within a day
--          partners_3d   double   accounts it met four times within 3 days
--          partners      double   accounts it is in lockstep with at any width
--          core          double   core number
--          group_id      varchar  first account of its group; null below core 2
--          group_size    double   accounts in the group; 0 below core 2
--          density       double   share 0..1 of the group's possible pairs; 0 below
with dates as (
    select distinct as_of from facts.snapshots
),

first_days as (
    select
        buyer_id,
        partner_id,
        min(case when width_hours = 2 then reached_day end) as day_2h,
        min(case when width_hours = 24 then reached_day end) as day_1d,
        min(case when width_hours = 72 then reached_day end) as day_3d,
        min(reached_day) as first_day
    from graph.lockstep_pairs
    group by buyer_id, partner_id
),

partner_counts as (
    select
        s.as_of,
        p.buyer_id,
        cast(count(*) filter (where p.day_2h < s.as_of) as double)
            as partners_2h,
        cast(count(*) filter (where p.day_1d < s.as_of) as double)
            as partners_1d,
        cast(count(*) filter (where p.day_3d < s.as_of) as double)
            as partners_3d,
        cast(count(*) as double) as partners
    from first_days as p
    inner join dates as s on p.first_day < s.as_of
    group by s.as_of, p.buyer_id
),

group_sizes as (
    select
        as_of,
        group_id,
        cast(count(*) as double) as group_size
    from similarity.lockstep_cores
    where group_id is not null
    group by as_of, group_id
),

-- Two grouped accounts that are linked are of one group.
group_links as (
    select
        a.as_of,
        a.group_id,
        cast(count(*) as double) as links
    from first_days as l
    inner join similarity.lockstep_cores as a
        on l.buyer_id = a.buyer_id and l.first_day < a.as_of
    inner join similarity.lockstep_cores as b
        on l.partner_id = b.buyer_id and a.as_of = b.as_of
    where a.group_id is not null and b.group_id is not null
    group by a.as_of, a.group_id
),

final as (
    select
        p.buyer_id,
        p.as_of,
        p.partners_2h,
        p.partners_1d,
        p.partners_3d,
        p.partners,
        cast(c.core as double) as core,
        c.group_id,
        coalesce(s.group_size, 0.0) as group_size,
        coalesce(
            l.links / (s.group_size * (s.group_size - 1.0)), 0.0
        ) as density
    from partner_counts as p
    inner join similarity.lockstep_cores as c
        on p.as_of = c.as_of and p.buyer_id = c.buyer_id
    left join group_sizes as s
        on c.as_of = s.as_of and c.group_id = s.group_id
    left join group_links as l
        on c.as_of = l.as_of and c.group_id = l.group_id
)

select * from final
