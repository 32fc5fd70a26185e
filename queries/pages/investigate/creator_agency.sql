-- The agency that a creator declares, and who else declares it.
--
-- grain:   agency_id
-- params:  entity_id    varchar
-- returns: agency_id    varchar
--          creators     bigint   that declare it, this one too
--          on_device    bigint   of the others, on its streaming device
--          on_network   bigint   of the others, on its network
--          on_account   bigint   of the others, paid on its bank account
with own as (
    select
        creator_id,
        agency_id,
        device_id,
        ip_id,
        bank_account_id
    from staging.creators
    where creator_id = $entity_id and agency_id is not null
)

select
    o.agency_id,
    count(*) as creators,
    count(*) filter (
        where c.device_id = o.device_id and c.creator_id <> o.creator_id
    ) as on_device,
    count(*) filter (
        where c.ip_id = o.ip_id and c.creator_id <> o.creator_id
    ) as on_network,
    count(*) filter (
        where
        c.bank_account_id = o.bank_account_id
        and c.creator_id <> o.creator_id
    ) as on_account
from own as o
inner join staging.creators as c on o.agency_id = c.agency_id
group by o.agency_id
