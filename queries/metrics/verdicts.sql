-- Every verdict on the local day it was known, with what came of it and how long it took.
--
-- grain:   label_id
-- params:  none
-- returns: label_id       varchar
--          day            date     local to the subject's market
--          entity_type    varchar
--          entity_id      varchar
--          market         varchar  of the subject
--          label          varchar  bad | good
--          source         varchar  as in staging.labels
--          is_overturned  integer  1: bad, and a good one came within 30 days
--          detect_days    double   from the start of it, as guessed, until somebody
--                                  looked; null = nobody guessed, or good
--          decide_days    double   from then until the verdict
with overturned as (
    select b.label_id
    from staging.labels as b
    inner join staging.labels as g
        on b.entity_type = g.entity_type and b.entity_id = g.entity_id
    where
        b.label = 'bad'
        and g.label = 'good'
        and g.known_at > b.known_at
        and g.known_at < b.known_at + interval 30 day
    group by b.label_id
),

final as (
    select
        l.label_id,
        local_day(l.known_at, c.time_zone) as day,
        l.entity_type,
        l.entity_id,
        e.market,
        l.label,
        l.source,
        flag(o.label_id is not null) as is_overturned,
        case
            when l.label = 'bad'
                then date_diff('minute', l.event_at, l.observed_at) / 1440.0
        end as detect_days,
        date_diff('minute', l.observed_at, l.decided_at) / 1440.0 as decide_days
    from staging.labels as l
    inner join graph.entities as e
        on l.entity_type = e.entity_type and l.entity_id = e.entity_id
    inner join metrics.clocks as c on e.market = c.market
    left join overturned as o on l.label_id = o.label_id
)

select * from final
