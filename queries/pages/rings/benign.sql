-- The harmless group most like a ring, and the figures of both.
--
-- grain:   ring_id
-- params:  ring_id  varchar
-- returns: ring_id               varchar
--          community_id          varchar
--          account_count         bigint   accounts of that group
--          top_relation          varchar  what ties it
--          ring_days             double   median days from first to last order
--          benign_days           double
--          ring_shop_share       double   orders at the three busiest shops
--          benign_shop_share     double
--          ring_voucher_share    double   of the goods that vouchers paid
--          benign_voucher_share  double
select *
from rings.benign
where ring_id = $ring_id
