-- Daily sums that nothing delivered says anything of: no choice of a page.
--
-- grain:   name
-- params:  entity_type  varchar  whose days; '' = those of the whole marketplace
-- returns: name         varchar  column of the table of days
select name
from meta.unavailable
where kind = 'metric' and coalesce(entity_type, '') = $entity_type
order by name asc nulls last
