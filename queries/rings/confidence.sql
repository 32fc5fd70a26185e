-- How often rings like this one turned out right when their members were decided.
--
-- A ring is right when most verdicts on its members are bad. Its own verdicts are held out:
-- what others like it came to says how sure one may be before anybody looks. Like it are
-- rings of about its size, few members or more; few of those draw to all.
--
-- grain:   ring_id
-- params:  as_of          date    the day of the build
--          decided_least  bigint  verdicts from which a ring counts as decided
--          few_members    bigint  members below which a ring has few
-- returns: ring_id        varchar
--          decided_count  bigint   its own members with a verdict, which do not count here
--          alike_count    bigint   other rings like it that were decided
--          alike_right    bigint   of them those that were right
--          confidence     double   0..1: chance that it is right
with rings as (
    select
        m.ring_id,
        count(*) as member_count,
        sum(flag(v.label = 'bad')) as bad_count,
        sum(flag(v.label = 'good')) as good_count
    from rings.members as m
    left join facts.verdicts as v
        on
            m.entity_type = v.entity_type
            and m.entity_id = v.entity_id
            and in_force(v.known_day, v.replaced_day, $as_of)
    group by m.ring_id
),

judged as (
    select
        ring_id,
        member_count < $few_members as has_few,
        bad_count + good_count as decided_count,
        bad_count + good_count >= $decided_least as is_decided,
        bad_count > good_count as is_right
    from rings
),

others as (
    select
        r.ring_id,
        any_value(r.decided_count) as decided_count,
        sum(flag(o.is_decided)) as every_count,
        sum(flag(o.is_decided and o.is_right)) as every_right,
        sum(flag(o.is_decided and o.has_few = r.has_few)) as alike_count,
        sum(flag(o.is_decided and o.has_few = r.has_few and o.is_right))
            as alike_right
    from judged as r
    left join judged as o on r.ring_id <> o.ring_id
    group by r.ring_id
),

final as (
    select
        ring_id,
        cast(decided_count as bigint) as decided_count,
        cast(alike_count as bigint) as alike_count,
        cast(alike_right as bigint) as alike_right,
        smoothed_rate(
            cast(alike_right as double),
            alike_count,
            (every_right + 1.0) / (every_count + 2.0)
        ) as confidence
    from others
)

select * from final
