-- What each kind of risk brought in a period, most confirmed first.
--
-- grain:   typology
-- params:  since  date
--          until  date
-- returns: typology    varchar  pack code or UNEXPLAINED
--          opened      bigint   open alerts that opened in the period
--          confirmed   bigint   verdicts of this kind
--          overturned  bigint   such verdicts that an appeal replaced
select
    typology,
    cast(sum(opened) as bigint) as opened,
    cast(sum(confirmed) as bigint) as confirmed,
    cast(sum(overturned) as bigint) as overturned
from alerts.typology_days
where day >= cast($since as date) and day <= cast($until as date)
group by typology
order by
    sum(confirmed) desc nulls last,
    sum(opened) desc nulls last,
    typology asc nulls last
