-- Why money was asked back for the orders of some subjects in 90 days, the usual beside it.
--
-- grain:   entity_key, reason
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key  varchar  type:id
--          reason      varchar  as delivered, or unknown
--          orders      bigint   of the subject in these days
--          requests    bigint   that gave the reason
--          amount_usd  double   asked back
--          usual       double   requests of as many orders of others; null = no others
select
    k.entity_key,
    r.reason,
    r.orders,
    r.requests,
    r.amount_usd,
    r.usual
from subjects_of($keys) as k
inner join metrics.refund_reasons as r
    on k.entity_type = r.entity_type and k.entity_id = r.entity_id
order by
    k.entity_key asc nulls last,
    r.requests desc nulls last,
    r.reason asc nulls last
