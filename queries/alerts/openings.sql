-- Since when each candidate has waited, by what builds said on their own days.
--
-- Who had an alert in the last build of an earlier day still waits since then, unless
-- a verdict came after it opened. Who had none there opened in this build, whatever
-- today's model says of the days before. Without an earlier build only today's model
-- can say (alerts.candidates, opened_on), and `opened_by` says that it did.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          opened_on    date
--          opened_by    varchar  ledger | rescored | handed: by handed-over scores
with today as (
    select max(as_of) as as_of from facts.snapshots
),

earlier_builds as (
    select
        b.entity_type,
        arg_max(b.build_number, b.as_of) as build_number
    from day_builds(0) as b
    inner join today as t on b.as_of < t.as_of
    group by b.entity_type
),

earlier_alerts as (
    select
        h.entity_type,
        h.entity_id,
        h.lane = 'unproven' as is_unproven,
        h.opened_on,
        h.opened_by
    from scores.history as h
    inner join earlier_builds as b
        on h.entity_type = b.entity_type and h.build_number = b.build_number
    where h.lane is not null
),

later_verdicts as (
    select
        a.entity_type,
        a.entity_id
    from earlier_alerts as a
    inner join facts.verdicts as v
        on a.entity_type = v.entity_type and a.entity_id = v.entity_id
    where v.known_day >= a.opened_on
    group by a.entity_type, a.entity_id
),

waiting as (
    select a.*
    from earlier_alerts as a
    left join later_verdicts as v
        on a.entity_type = v.entity_type and a.entity_id = v.entity_id
    where v.entity_id is null
),

handed_over as (
    select entity_type from scores.models
    where calibrated_on = 'handed over'
),

final as (
    select
        c.entity_type,
        c.entity_id,
        case
            when w.entity_id is not null then w.opened_on
            when b.entity_type is not null then c.as_of
            else c.opened_on
        end as opened_on,
        case
            when w.entity_id is not null then w.opened_by
            when b.entity_type is not null then 'ledger'
            when c.opened_on = c.as_of then 'ledger'
            when h.entity_type is not null and c.lane = 'score' then 'handed'
            else 'rescored'
        end as opened_by
    from alerts.candidates as c
    left join earlier_builds as b on c.entity_type = b.entity_type
    left join handed_over as h on c.entity_type = h.entity_type
    left join waiting as w
        on
            c.entity_type = w.entity_type
            and c.entity_id = w.entity_id
            and (c.lane = 'unproven') = w.is_unproven
)

select * from final
