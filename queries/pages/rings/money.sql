-- What a ring took in 30 days and what it harms, by who bears it, largest first.
--
-- grain:   is_harm, bearer
-- params:  ring_id  varchar
-- returns: is_harm   boolean
--          bearer    varchar
--          usd       double
--          low_usd   double
--          high_usd  double
select
    is_harm,
    bearer,
    usd,
    low_usd,
    high_usd
from rings.money
where ring_id = $ring_id
order by
    is_harm asc nulls last,
    usd desc nulls last,
    bearer asc nulls last
