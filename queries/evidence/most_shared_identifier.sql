-- Accounts of the same type on the most shared identifier of one entity.
--
-- Those of the entity's own household are listed and marked: they count as the entity itself.
--
-- grain:   account_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          relation        varchar  device, address, payment_token, bank_account
--          as_of           date     what was known before this day
-- returns: account_id                  varchar
--          name                        varchar    as typed
--          identifier_id               varchar    masked
--          first_seen_at               timestamp  UTC
--          last_seen_at                timestamp  UTC, before as_of
--          evidence_count              bigint     orders or registrations
--          is_household                boolean    another of the same household
with housemates as (
    select b.entity_id
    from facts.housemates as h
    inner join facts.entity_keys as a on h.entity_key = a.entity_key
    inner join facts.entity_keys as b on h.housemate_key = b.entity_key
    where
        a.entity_type = $entity_type
        and a.entity_id = $entity_id
        and h.known_from < cast($as_of as timestamp)
),

own_identifiers as (
    select identifier_id
    from graph.links
    where
        entity_type = $entity_type
        and entity_id = $entity_id
        and relation = $relation
        and first_seen_at < cast($as_of as timestamp)
),

accounts as (
    select
        l.entity_id as account_id,
        e.name,
        l.identifier_id,
        l.first_seen_at,
        least(l.last_seen_at, cast($as_of as timestamp)) as last_seen_at,
        l.evidence_count,
        m.entity_id is not null as is_household
    from graph.links as l
    inner join own_identifiers as o on l.identifier_id = o.identifier_id
    inner join graph.entities as e
        on l.entity_type = e.entity_type and l.entity_id = e.entity_id
    left join housemates as m on l.entity_id = m.entity_id
    where
        l.entity_type = $entity_type
        and l.relation = $relation
        and l.first_seen_at < cast($as_of as timestamp)
),

account_counts as (
    select
        identifier_id,
        count(*) filter (where not is_household) as accounts
    from accounts
    group by identifier_id
),

busiest_identifier as (
    select identifier_id
    from account_counts
    order by accounts desc nulls last, identifier_id asc nulls last
    limit 1
),

final as (
    select a.*
    from accounts as a
    inner join busiest_identifier as b on a.identifier_id = b.identifier_id
)

select * from final
order by first_seen_at asc nulls last, account_id asc nulls last
