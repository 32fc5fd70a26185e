-- What each listing was called, without case and punctuation, and since when.
--
-- grain:   product_id, title_id
-- params:  none
-- returns: product_id   varchar
--          merchant_id  varchar
--          title_id     bigint     one number for equal titles
--          title        varchar    as plain text
--          shown_at     timestamp  UTC, first shown with it
with plain_titles as (
    select
        v.product_id,
        p.merchant_id,
        trim(
            regexp_replace(lower(v.title), '[.,!?;:()"/ -]+', ' ', 'g')
        ) as title,
        v.valid_from
    from staging.listing_versions as v
    inner join staging.products as p on v.product_id = p.product_id
),

first_showings as (
    select
        product_id,
        merchant_id,
        title,
        min(valid_from) as shown_at
    from plain_titles
    group by product_id, merchant_id, title
),

final as (
    select
        product_id,
        merchant_id,
        dense_rank() over (order by title asc nulls last) as title_id,
        title,
        shown_at
    from first_showings
)

select * from final
