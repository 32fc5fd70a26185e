-- Identifiers and texts that too many share to be anybody's: they count as not known.
--
-- grain:   value, relation
-- params:  none
-- returns: value     varchar
--          relation  varchar  device, ip, address, payment_token, bank_account,
--                             tracking, image or text
--          users     bigint   accounts, listings, parcels or texts with it
select
    value,
    relation,
    users
from staging.placeholders
where reason = 'hub'
order by users desc nulls last, relation asc nulls last, value asc nulls last
