-- How one model's scores moved against its reference, week by week.
--
-- grain:   as_of
-- params:  entity_type  varchar
-- returns: as_of                 date
--          reference_as_of       date
--          psi                   double   population stability index
--          ks                    double   Kolmogorov-Smirnov distance
--          share_high_current    double   share of HIGH and CRIT
--          share_high_reference  double
--          verdict               varchar  stable | watch | shifted
select
    as_of,
    reference_as_of,
    cast(psi as double) as psi,
    cast(ks as double) as ks,
    cast(share_high_current as double) as share_high_current,
    cast(share_high_reference as double) as share_high_reference,
    verdict
from drift.models
where entity_type = $entity_type
order by as_of desc nulls last
