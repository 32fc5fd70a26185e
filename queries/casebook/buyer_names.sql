-- Names of buyers, of several words, that stand in a text, maybe inside of other words.
--
-- In scripts without spaces a name has three signs or more. What a shop, a creator or a listing
-- is called too is public. `queries.free_text` looks whether a name is a word of its own.
--
-- grain:   name
-- params:  text     varchar
--          markets  varchar[]  of the buyers; empty = all
-- returns: name     varchar
with spoken as (
    select
        lower($text) as small,
        regexp_replace(lower($text), '[^\pL\pM\p{Nd}]+', ' ', 'g') as words
),

public_names as (
    select name
    from graph.entities
    where entity_type <> 'buyer' and name is not null
),

final as (
    select distinct trim(b.name) as name
    from graph.entities as b
    cross join spoken as s
    where
        b.entity_type = 'buyer'
        and (
            contains(s.small, lower(trim(b.name)))
            or contains(s.words, lower(trim(b.name)))
        )
        and is_chosen(cast($markets as varchar[]), b.market)
        and (
            contains(trim(b.name), ' ')
            or regexp_matches(
                b.name, '[\x{0E00}-\x{0EFF}\x{1000}-\x{109F}]{3}'
            )
            or regexp_matches(
                b.name, '[\x{1780}-\x{17FF}\x{3040}-\x{9FFF}]{3}'
            )
        )
)

select f.name
from final as f
left join public_names as p on f.name = p.name
where p.name is null
order by f.name asc nulls last
