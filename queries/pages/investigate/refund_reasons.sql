-- Why money was asked back for the orders of one subject in 90 days, the usual beside it.
--
-- grain:   reason
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: reason      varchar  as delivered, or unknown
--          orders      bigint   of the subject in these days
--          requests    bigint   that gave the reason
--          amount_usd  double   asked back
--          usual       double   requests of as many orders of others; null = no others
select
    reason,
    orders,
    requests,
    amount_usd,
    usual
from metrics.refund_reasons
where entity_type = $entity_type and entity_id = $entity_id
order by requests desc nulls last, reason asc nulls last
