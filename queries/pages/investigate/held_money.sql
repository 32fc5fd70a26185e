-- Money that is still held for some subjects, and when it would leave.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key   varchar  type:id
--          held_usd     double
--          overdue_usd  double  of it, past its payout date: a hold
--          payout_days  double  mean days until the rest leaves; null = unknown
select
    k.entity_key,
    m.held_usd,
    m.overdue_usd,
    m.payout_days
from subjects_of($keys) as k
inner join alerts.held_money as m
    on k.entity_type = m.entity_type and k.entity_id = m.entity_id
