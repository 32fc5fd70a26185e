-- What the proven lanes can be filtered by: each value that occurs, with its count.
--
-- Those that have ended are a lane of their own here and count nowhere else.
--
-- grain:   dimension, choice
-- params:  none
-- returns: dimension    varchar  entity_type | market | typology | band |
--                                lane
--          choice       varchar
--          alert_count  bigint
with queue_alerts as (
    select * from alerts.alerts
    where lane <> 'unproven' and not is_ended
),

ended_alerts as (
    select * from alerts.alerts
    where is_ended
),

choices as (
    select
        'entity_type' as dimension,
        entity_type as choice
    from queue_alerts
    union all
    select
        'market' as dimension,
        market as choice
    from queue_alerts
    union all
    select
        'typology' as dimension,
        typology as choice
    from queue_alerts
    union all
    select
        'band' as dimension,
        score_band as choice
    from queue_alerts
    union all
    select
        'lane' as dimension,
        lane as choice
    from queue_alerts
    union all
    select
        'lane' as dimension,
        'ended' as choice
    from ended_alerts
)

select
    dimension,
    choice,
    count(*) as alert_count
from choices
where choice is not null
group by dimension, choice
order by dimension asc nulls last, choice asc nulls last
