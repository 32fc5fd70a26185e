-- How well one shop or listing serves, among its category.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type    varchar
--          entity_id      varchar
--          category       varchar
--          service_index  double   0..100, high is good
--          parts          bigint   parts that are known
--          peers          bigint   entities compared in its rarest part
--          worst_part     varchar  feature name
select
    entity_type,
    entity_id,
    category,
    cast(service_index as double) as service_index,
    cast(parts as bigint) as parts,
    cast(peers as bigint) as peers,
    worst_part
from features.service_quality
where entity_type = $entity_type and entity_id = $entity_id
