-- Listings that showed the same picture, and which of them are gone.
--
-- A picture of more than 20 listings is stock: from the day the 21st showed it, it
-- no longer counts.
--
-- grain:   product_id, twin_id, image_id
-- params:  none
-- returns: product_id   varchar
--          twin_id      varchar    another listing
--          image_id     varchar    masked perceptual hash
--          known_from   timestamp  both had shown it from then
--          known_until  timestamp  too common from then; null = never
--          gone_at      timestamp  the twin or its shop was taken down; null = on sale
with first_showings as (
    select
        image_id,
        product_id,
        min(valid_from) as shown_at
    from staging.listing_versions
    group by image_id, product_id
),

shared_images as (
    select image_id
    from first_showings
    group by image_id
    having count(*) > 1
),

image_products as (
    select
        s.image_id,
        s.product_id,
        s.shown_at,
        p.merchant_id,
        p.removed_at,
        row_number() over (
            partition by s.image_id
            order by s.shown_at asc nulls last, s.product_id asc nulls last
        ) as place
    from first_showings as s
    inner join shared_images as h on s.image_id = h.image_id
    inner join staging.products as p on s.product_id = p.product_id
),

stock_images as (
    select
        image_id,
        shown_at as common_at
    from image_products
    where place = most_sharers() + 1
),

final as (
    select
        a.product_id,
        b.product_id as twin_id,
        a.image_id,
        greatest(a.shown_at, b.shown_at) as known_from,
        c.common_at as known_until,
        case
            when b.removed_at is null then m.closed_at
            when m.closed_at is null then b.removed_at
            else least(b.removed_at, m.closed_at)
        end as gone_at
    from image_products as a
    inner join image_products as b on a.image_id = b.image_id
    inner join staging.merchants as m on b.merchant_id = m.merchant_id
    left join stock_images as c on a.image_id = c.image_id
    where
        a.product_id <> b.product_id
        and (
            c.common_at is null
            or greatest(a.shown_at, b.shown_at) < c.common_at
        )
)

select * from final
