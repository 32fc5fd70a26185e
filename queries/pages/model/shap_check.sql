-- How far the stored reasons of one entity type lie from those of SHAP.
--
-- grain:   entity_type
-- params:  entity_type  varchar
-- returns: entity_type             varchar
--          rows_checked            bigint   entities compared
--          largest_difference      double   of a contribution, in log-odds
--          largest_additivity_gap  double   base + contributions to the margin
select
    entity_type,
    cast(rows_checked as bigint) as rows_checked,
    cast(largest_difference as double) as largest_difference,
    cast(largest_additivity_gap as double) as largest_additivity_gap
from meta.shap_check
where entity_type = $entity_type
