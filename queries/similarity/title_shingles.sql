-- The runs of three letters of each title: what titles are compared by.
--
-- Letters and not words, so that titles of three words, and those of a language
-- without spaces, have enough to compare.
--
-- grain:   title_id, shingle
-- params:  none
-- returns: title_id  bigint   -> facts.listing_titles
--          shingle   varchar  three letters in a row
with titles as (
    select distinct
        title_id,
        title
    from facts.listing_titles
    where length(title) >= 3
),

starts as (
    select
        title_id,
        title,
        unnest(range(1, length(title) - 1)) as start
    from titles
),

final as (
    select distinct
        title_id,
        substring(title, cast(start as integer), 3) as shingle
    from starts
)

select * from final
