-- The day's work: what each alert is worth a minute, and its place.
--
-- Priority is expected money saved per analyst minute (see alerts.review_values), plus a boost
-- for waiting that grows evenly over `ageing_days` to `ageing_share` of a minute's cost.
-- An alert below HIGH must earn the minutes it takes, its age left out. A case that is
-- certain (CRIT) and severe (what an action saves is `severe_reviews` times what its
-- review costs, its ring left out) is worth at least what its minutes cost: it never
-- stands below one as certain that is not worth them.
--
-- Where nothing is left to save the alert has ended: it waits behind the day's work.
-- Where no money is known, probability gives the order.
--
-- So that nothing starves, one place in twenty (`reserve_share`) is not given by
-- priority: in turn it goes to the oddest of lane `unproven`, which has no probability
-- and so no priority, and to the alert that has waited longest among the lower half.
--
-- grain:   entity_type, entity_id
-- params:  minute_cost          double  USD an analyst minute costs
--          severe_reviews       double  reviews that what a severe case saves would pay
--          ageing_days          double  days of waiting after which it adds no more
--          ageing_share         double  of a minute's cost that waiting adds at most
--          reserve_share        double  share of places not given by priority
-- returns: entity_type   varchar
--          entity_id     varchar
--          alert_id      varchar  made of whom, of what and since when
--          waiting_days  double   days since it opened
--          ageing_boost  double   USD a minute that waiting adds
--          priority      double   USD per analyst minute; null = unproven, or no
--                                 money is known
--          is_reserved   boolean  place not given by priority
--          is_severe     boolean  certain, and much is at stake
--          is_ended      boolean  nothing is left to save: not of the day's work
--          queue_place   bigint   1 = next
with earnings as (
    select
        s.entity_type,
        s.entity_id,
        s.lane,
        s.score_band,
        s.probability,
        s.novelty_rank,
        v.ring_share,
        s.lane <> 'unproven' and v.is_ended as is_ended,
        coalesce(
            s.score_band = 'CRIT'
            and v.stake_usd
            >= $severe_reviews * $minute_cost * v.review_minutes,
            false
        ) as is_severe,
        'alt_' || substr(
            md5(
                s.entity_type || ':' || s.entity_id || ':' || s.typology
                || ':' || cast(o.opened_on as varchar)
            ),
            1,
            12
        ) as alert_id,
        cast(s.as_of - o.opened_on as double) as waiting_days,
        v.value_usd / v.review_minutes as minute_usd
    from alerts.candidates as s
    inner join alerts.review_values as v
        on s.entity_type = v.entity_type and s.entity_id = v.entity_id
    inner join alerts.openings as o
        on s.entity_type = o.entity_type and s.entity_id = o.entity_id
),

boosts as (
    select
        *,
        $minute_cost * $ageing_share * least(waiting_days / $ageing_days, 1.0)
            as ageing_boost
    from earnings
    -- The money is the subject's own, before it is shared with its ring: whoever
    -- shares it may be cleared.
    where
        lane = 'unproven'
        or is_ended
        or score_band in ('HIGH', 'CRIT')
        or minute_usd is null
        or minute_usd >= $minute_cost * ring_share
),

priorities as (
    select
        *,
        greatest(
            minute_usd + ageing_boost, if(is_severe, $minute_cost, null)
        ) as priority,
        count(minute_usd) filter (where not is_ended) over () as priced_alerts
    from boosts
),

money_places as (
    select
        *,
        row_number() over (
            order by
                is_ended asc,
                priority desc nulls last,
                probability desc nulls last,
                alert_id asc
        ) as money_place,
        floor($reserve_share * priced_alerts) as reserve
    from priorities
),

-- The two who take turns at the reserved places.
reserve_turns as (
    select
        alert_id,
        0 as turn_order,
        row_number() over (
            order by novelty_rank asc nulls last, alert_id asc
        ) as turn
    from money_places
    where lane = 'unproven'
    qualify turn <= ceil(reserve / 2.0)
    union all
    select
        alert_id,
        1 as turn_order,
        row_number() over (
            order by
                waiting_days desc nulls last,
                priority desc nulls last,
                alert_id asc
        ) as turn
    from money_places
    where
        lane <> 'unproven'
        and not is_ended
        and money_place > priced_alerts / 2.0
),

reserve_places as (
    select
        alert_id,
        row_number() over (order by turn asc, turn_order asc) as reserve_place
    from reserve_turns
),

reservations as (
    select
        m.*,
        coalesce(r.reserve_place <= m.reserve, false) as is_reserved,
        r.reserve_place
    from money_places as m
    left join reserve_places as r on m.alert_id = r.alert_id
),

queue_rows as (
    select
        *,
        sum(if(is_reserved, 0, 1)) over (
            order by money_place asc
            rows unbounded preceding
        ) as priority_place
    from reservations
    where lane <> 'unproven' or is_reserved
),

slots as (
    select
        *,
        case
            when is_reserved
                then cast(reserve_place as double) / $reserve_share
            else cast(priority_place as double) / (1.0 - $reserve_share)
        end as slot
    from queue_rows
),

final as (
    select
        entity_type,
        entity_id,
        alert_id,
        waiting_days,
        ageing_boost,
        priority,
        is_reserved,
        is_severe,
        is_ended,
        row_number() over (
            order by is_ended asc, slot asc, money_place asc
        ) as queue_place
    from slots
)

select * from final
