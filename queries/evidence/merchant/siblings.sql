-- Shops that share a bank account, back-office device or return address with one.
--
-- grain:   sibling_id, relation
-- params:  entity_id      varchar  the shop
--          as_of          date     what was known before this day
-- returns: sibling_id     varchar
--          name           varchar    as typed
--          relation       varchar    bank_account, device, return_address
--          identifier_id  varchar    masked
--          known_from     timestamp  UTC, both were open
--          closed_at      timestamp  UTC, of the sibling; null = not closed by then
--          is_closed      integer    1 when closed by then
with final as (
    select
        s.sibling_id,
        m.name,
        s.relation,
        s.identifier_id,
        s.known_from,
        case
            when s.closed_at < cast($as_of as timestamp) then s.closed_at
        end as closed_at,
        case
            when s.closed_at < cast($as_of as timestamp) then 1 else 0
        end as is_closed
    from facts.sibling_shops as s
    inner join staging.merchants as m on s.sibling_id = m.merchant_id
    where
        s.merchant_id = $entity_id
        and valid_at(s.known_from, s.known_until, $as_of)
)

select * from final
order by
    is_closed desc nulls last,
    sibling_id asc nulls last,
    relation asc nulls last
