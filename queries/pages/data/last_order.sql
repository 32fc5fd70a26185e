-- When the last order of the build was placed or paid.
--
-- grain:   last_order_at
-- params:  none
-- returns: last_order_at  timestamp  null = there is none
select max(counted_at) as last_order_at
from staging.orders
