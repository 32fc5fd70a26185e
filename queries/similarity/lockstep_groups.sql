-- Accounts that move in lockstep, at each snapshot: how tightly, and in which group.
--
-- The core number is the largest c so that an account has c partners who have c
-- partners each in the same sense. It is the fixed point of the h-index of the
-- partners' numbers (Lü, Zhou, Zhang, Stanley 2016), reached from their counts;
-- eight rounds suffice in practice, and stopping early can only leave a number
-- high. A group is what hangs together among accounts of core 2 or more, followed
-- for six steps.
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

links as (
    select
        s.as_of,
        p.buyer_id,
        p.partner_id,
        max(case when p.width_hours = 2 then 1 else 0 end) as is_2h,
        max(case when p.width_hours = 24 then 1 else 0 end) as is_1d,
        max(case when p.width_hours = 72 then 1 else 0 end) as is_3d
    from graph.lockstep_pairs as p
    inner join dates as s on p.reached_day < s.as_of
    group by s.as_of, p.buyer_id, p.partner_id
),

counted as (
    select
        as_of,
        buyer_id,
        sum(is_2h) as partners_2h,
        sum(is_1d) as partners_1d,
        sum(is_3d) as partners_3d,
        count(*) as partners
    from links
    group by as_of, buyer_id
),

core_0 as (
    select
        as_of,
        buyer_id,
        partners as core
    from counted
),

ranks_1 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_0 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_1 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_1
    group by as_of, buyer_id
),

ranks_2 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_1 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_2 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_2
    group by as_of, buyer_id
),

ranks_3 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_2 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_3 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_3
    group by as_of, buyer_id
),

ranks_4 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_3 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_4 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_4
    group by as_of, buyer_id
),

ranks_5 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_4 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_5 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_5
    group by as_of, buyer_id
),

ranks_6 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_5 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_6 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_6
    group by as_of, buyer_id
),

ranks_7 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_6 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_7 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_7
    group by as_of, buyer_id
),

ranks_8 as (
    select
        l.as_of,
        l.buyer_id,
        c.core,
        row_number() over (
            partition by l.as_of, l.buyer_id
            order by c.core desc nulls last
        ) as place
    from links as l
    inner join core_7 as c
        on l.as_of = c.as_of and l.partner_id = c.buyer_id
),

core_8 as (
    select
        as_of,
        buyer_id,
        max(least(core, place)) as core
    from ranks_8
    group by as_of, buyer_id
),

tight as (
    select
        l.as_of,
        l.buyer_id,
        l.partner_id
    from links as l
    inner join core_8 as a
        on l.as_of = a.as_of and l.buyer_id = a.buyer_id and a.core >= 2
    inner join core_8 as b
        on l.as_of = b.as_of and l.partner_id = b.buyer_id and b.core >= 2
),

group_0 as (
    select
        as_of,
        buyer_id,
        least(buyer_id, min(partner_id)) as group_id
    from tight
    group by as_of, buyer_id
),

group_1 as (
    select
        t.as_of,
        t.buyer_id,
        least(min(t.buyer_id), min(g.group_id)) as group_id
    from tight as t
    inner join group_0 as g
        on t.as_of = g.as_of and t.partner_id = g.buyer_id
    group by t.as_of, t.buyer_id
),

group_2 as (
    select
        t.as_of,
        t.buyer_id,
        least(min(t.buyer_id), min(g.group_id)) as group_id
    from tight as t
    inner join group_1 as g
        on t.as_of = g.as_of and t.partner_id = g.buyer_id
    group by t.as_of, t.buyer_id
),

group_3 as (
    select
        t.as_of,
        t.buyer_id,
        least(min(t.buyer_id), min(g.group_id)) as group_id
    from tight as t
    inner join group_2 as g
        on t.as_of = g.as_of and t.partner_id = g.buyer_id
    group by t.as_of, t.buyer_id
),

group_4 as (
    select
        t.as_of,
        t.buyer_id,
        least(min(t.buyer_id), min(g.group_id)) as group_id
    from tight as t
    inner join group_3 as g
        on t.as_of = g.as_of and t.partner_id = g.buyer_id
    group by t.as_of, t.buyer_id
),

group_5 as (
    select
        t.as_of,
        t.buyer_id,
        least(min(t.buyer_id), min(g.group_id)) as group_id
    from tight as t
    inner join group_4 as g
        on t.as_of = g.as_of and t.partner_id = g.buyer_id
    group by t.as_of, t.buyer_id
),

inside as (
    select
        t.as_of,
        t.buyer_id,
        a.group_id,
        sum(case when a.group_id = b.group_id then 1 else 0 end) as mates
    from tight as t
    inner join group_5 as a
        on t.as_of = a.as_of and t.buyer_id = a.buyer_id
    inner join group_5 as b
        on t.as_of = b.as_of and t.partner_id = b.buyer_id
    group by t.as_of, t.buyer_id, a.group_id
),

groups as (
    select
        as_of,
        group_id,
        cast(count(*) as double) as group_size,
        cast(sum(mates) as double) as mates
    from inside
    group by as_of, group_id
),

final as (
    select
        n.buyer_id,
        n.as_of,
        cast(n.partners_2h as double) as partners_2h,
        cast(n.partners_1d as double) as partners_1d,
        cast(n.partners_3d as double) as partners_3d,
        cast(n.partners as double) as partners,
        cast(c.core as double) as core,
        i.group_id,
        coalesce(g.group_size, 0.0) as group_size,
        case
            when g.group_size > 1.0
                then g.mates / (g.group_size * (g.group_size - 1.0))
            else 0.0
        end as density
    from counted as n
    inner join core_8 as c
        on n.as_of = c.as_of and n.buyer_id = c.buyer_id
    left join inside as i on n.as_of = i.as_of and n.buyer_id = i.buyer_id
    left join groups as g on i.as_of = g.as_of and i.group_id = g.group_id
)

select * from final
