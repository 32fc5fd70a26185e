-- What happened in one live room minute by minute.
--
-- grain:   minute
-- params:  entity_id       varchar
-- returns: minute          bigint  since it started
--          viewers         bigint  present
--          joins           bigint  entries
--          comments        bigint
--          product_clicks  bigint
--          orders          bigint
select
    cast(minute as bigint) as minute,
    cast(viewers as bigint) as viewers,
    cast(joins as bigint) as joins,
    cast(comments as bigint) as comments,
    cast(product_clicks as bigint) as product_clicks,
    cast(orders as bigint) as orders
from staging.engagement_minutes
where live_session_id = $entity_id
order by minute asc nulls last
