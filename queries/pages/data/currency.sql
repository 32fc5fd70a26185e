-- The currency that amounts are shown in, where the delivery names one.
--
-- grain:   code
-- params:  none
-- returns: code      varchar
--          decimals  bigint
--          per_usd   double   currency units of one USD
--          rate_day  date     null = the rate was delivered
select
    currency as code,
    decimals,
    1.0 / usd_per_unit as per_usd,
    rate_day
from staging.display_currency
where usd_per_unit > 0
order by code asc nulls last
limit 1
