-- Which accounts are of one household: one address, a name in common, not the same name.
--
-- A family that shares a phone is no crowd of strangers. Two accounts in exactly the same
-- name are one person twice, and more than a household holds of one name at one address
-- are no family: the first ones are taken for one. Digits, signs and single letters say
-- nothing; a name in Chinese letters begins with the family's.
--
-- grain:   entity_key, housemate_key
-- params:  none
-- returns: entity_key     bigint     of facts.entity_keys, a buyer's
--          housemate_key  bigint     another of the same household
--          known_from     timestamp  both had orders sent to that address from then
with full_names as (
    select
        buyer_id,
        trim(
            regexp_replace(
                regexp_replace(lower(name), '[^\p{L} ]+', '', 'g'),
                ' +',
                ' ',
                'g'
            )
        ) as full_name
    from staging.buyers
),

names as (
    select
        buyer_id,
        full_name,
        unnest(
            case
                when regexp_matches(full_name, '^\p{Han}{2,}$')
                    then [substr(full_name, 1, 1)]
                else string_split(full_name, ' ')
            end
        ) as word
    from full_names
    where full_name <> ''
),

namesakes as (
    select
        l.identifier_id,
        k.entity_key,
        l.first_seen_at,
        n.full_name,
        n.word,
        row_number() over (
            partition by l.identifier_id, n.word
            order by l.first_seen_at asc nulls last, k.entity_key asc nulls last
        ) as place
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    inner join names as n on l.entity_id = n.buyer_id
    inner join facts.entity_keys as k
        on l.entity_type = k.entity_type and l.entity_id = k.entity_id
    where
        l.entity_type = 'buyer'
        and l.relation = 'address'
        and i.degree > 1
        and regexp_matches(n.word, '^(\p{Han}|.{2,})$')
),

final as (
    select
        a.entity_key,
        b.entity_key as housemate_key,
        min(greatest(a.first_seen_at, b.first_seen_at)) as known_from
    from namesakes as a
    inner join namesakes as b
        on
            a.identifier_id = b.identifier_id
            and a.word = b.word
            and a.full_name <> b.full_name
    where
        a.place <= hub_size('household')
        and b.place <= hub_size('household')
    group by a.entity_key, b.entity_key
)

select * from final
