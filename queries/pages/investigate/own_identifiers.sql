-- What of some kinds one subject used: for a partner team, which gets them masked.
--
-- grain:   relation, identifier_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          relations    varchar[]  device, ip, address, payment_token, bank_account
--          limit        bigint     the latest
-- returns: relation       varchar
--          identifier_id  varchar
--          first_seen_on  date
--          last_seen_on   date
select
    relation,
    identifier_id,
    cast(first_seen_at as date) as first_seen_on,
    cast(last_seen_at as date) as last_seen_on
from graph.links
where
    entity_type = $entity_type
    and entity_id = $entity_id
    and list_contains(cast($relations as varchar[]), relation)
order by last_seen_at desc nulls last, relation asc, identifier_id asc
limit $limit
