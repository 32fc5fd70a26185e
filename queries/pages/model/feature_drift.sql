-- How far each feature of one model stands from its reference, last week.
--
-- grain:   feature
-- params:  entity_type  varchar
-- returns: feature          varchar
--          as_of            date
--          reference_as_of  date
--          psi              double
--          ks               double
--          ks_pvalue        double
--          current_count    bigint
--          reference_count  bigint
--          verdict          varchar  stable | watch | shifted
select
    feature,
    as_of,
    reference_as_of,
    cast(psi as double) as psi,
    cast(ks as double) as ks,
    cast(ks_pvalue as double) as ks_pvalue,
    cast(current_count as bigint) as current_count,
    cast(reference_count as bigint) as reference_count,
    verdict
from drift.features
where entity_type = $entity_type
qualify as_of = max(as_of) over ()
order by psi desc nulls last, feature asc nulls last
