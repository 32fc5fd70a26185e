-- Listings whose title begins with a known brand, one or two letters off.
--
-- grain:   product_id
-- params:  none
-- returns: product_id  varchar
--          word        varchar    first word of the title, lower case
--          brand       varchar    the brand it is nearly, lower case
--          known_from  timestamp  the listing and the brand were known from then
with brands as (
    select
        lower(brand) as brand,
        min(listed_at) as known_at
    from staging.products
    where length(brand) >= 5
    group by lower(brand)
),

first_words as (
    select
        product_id,
        lower(split_part(title, ' ', 1)) as word,
        listed_at
    from staging.products
),

near_names as (
    select
        w.product_id,
        w.word,
        b.brand,
        greatest(w.listed_at, b.known_at) as known_from
    from first_words as w
    inner join brands as b on left(w.word, 1) = left(b.brand, 1)
    left join brands as x on w.word = x.brand
    where
        x.brand is null
        and abs(length(w.word) - length(b.brand)) <= 1
        and levenshtein(w.word, b.brand) <= 2
),

final as (
    select
        product_id,
        min(word) as word,
        min(brand) as brand,
        min(known_from) as known_from
    from near_names
    group by product_id
)

select * from final
