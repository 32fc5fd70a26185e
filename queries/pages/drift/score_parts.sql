-- What moved one model's mean score in four weeks, and what it did to the alerts.
--
-- The first row is of all features: the sums, and the alerts of those that drifted, all put
-- back at once. Features follow, most moved first. Contributions are of a sample, alerts of
-- everybody whom a hash alone picked.
--
-- grain:   feature
-- params:  entity_type      varchar
--          limit            bigint   features at most
-- returns: feature          varchar
--          as_of            date
--          reference_as_of  date
--          change           double   of the mean contribution, log odds
--          who_came         double   by other kinds of subjects
--          behaviour        double   by how the same kinds behave
--          psi              double
--          alerts           bigint   today; null where the feature did not drift
--          alerts_gained    bigint   by its drift
--          alerts_lost      bigint
--          review_hours     double   of gained less lost
--          value_usd        double   USD, of gained less lost
with totals as (
    select
        entity_type,
        'all that drifted' as feature,
        any_value(as_of) as as_of,
        any_value(reference_as_of) as reference_as_of,
        sum(change) as change,
        sum(who_came) as who_came,
        sum(behaviour) as behaviour,
        cast(null as double) as psi,
        0 as place
    from drift.score_parts
    where entity_type = $entity_type
    group by entity_type
),

features as (
    select
        entity_type,
        feature,
        as_of,
        reference_as_of,
        change,
        who_came,
        behaviour,
        psi,
        row_number() over (order by abs(change) desc, feature asc) as place
    from drift.score_parts
    where entity_type = $entity_type
),

rows_shown as (
    select *
    from totals
    union all
    select *
    from features
    where place <= $limit
)

select
    r.feature,
    r.as_of,
    r.reference_as_of,
    r.change,
    r.who_came,
    r.behaviour,
    r.psi,
    d.alerts,
    d.alerts_gained,
    d.alerts_lost,
    d.review_hours,
    d.value_usd
from rows_shown as r
left join drift.decisions as d
    on r.entity_type = d.entity_type and r.feature = d.feature
order by r.place asc nulls last
