-- What the members of a community share, rarest and most shared first.
--
-- grain:   relation, identifier_id
-- params:  community_id  varchar
--          limit         bigint
-- returns: relation       varchar  device | ip | address | payment_token |
--                                  bank_account
--          identifier_id  varchar  masked
--          member_count   bigint   members that use it
--          degree         bigint   entities that use it anywhere
--          weight         double   rarity, 1 / ln(1 + degree)
--          total_count    bigint   shared identifiers in all, before limit
select
    relation,
    identifier_id,
    cast(member_count as bigint) as member_count,
    cast(degree as bigint) as degree,
    cast(weight as double) as weight,
    count(*) over () as total_count
from communities.identifiers
where community_id = $community_id
order by
    member_count * weight desc nulls last,
    relation asc nulls last,
    identifier_id asc nulls last
limit $limit
