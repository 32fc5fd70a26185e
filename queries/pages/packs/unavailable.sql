-- What is off for want of something that is not delivered, what most rests on first.
--
-- grain:   reason
-- params:  entity_type  varchar  '' = features, signals and packs of every type
-- returns: reason       varchar    what is missing, as a person says it
--          features     varchar[]  labels of the features that are off
--          signals      varchar[]  labels of the signals that are off
--          packs        varchar[]  titles of the packs without another signal
select
    reason,
    coalesce(
        list(distinct label order by label) filter (where kind = 'feature'), []
    ) as features,
    coalesce(
        list(distinct label order by label) filter (where kind = 'signal'), []
    ) as signals,
    coalesce(
        list(distinct label order by label) filter (where kind = 'pack'), []
    ) as packs
from meta.unavailable
where kind <> 'metric' and ($entity_type = '' or entity_type = $entity_type)
group by reason
order by count(*) desc nulls last, reason asc nulls last
