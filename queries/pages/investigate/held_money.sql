-- Money that is still held for one subject, and when it would leave.
--
-- grain:   entity_type
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type  varchar
--          held_usd     double
--          overdue_usd  double  of it, past its payout date: a hold
--          payout_days  double  mean days until the rest leaves; null = unknown
select
    entity_type,
    held_usd,
    overdue_usd,
    payout_days
from alerts.held_money
where entity_type = $entity_type and entity_id = $entity_id
