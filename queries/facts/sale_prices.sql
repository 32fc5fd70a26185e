-- Which edits of a listing are a price put down for an approved sale, or put back after it.
--
-- Nothing but the price changes, within a day of a sale that the shop runs and the platform
-- had approved before it began: what a sale is, and no rewriting of a listing.
--
-- grain:   product_id, version
-- params:  none
-- returns: product_id  varchar
--          version     bigint
--          known_from  timestamp  the version and its sale have begun
with edits as (
    select
        v.product_id,
        p.merchant_id,
        v.version,
        v.valid_from
    from staging.listing_versions as v
    inner join staging.listing_versions as b
        on v.product_id = b.product_id and v.version = b.version + 1
    inner join staging.products as p on v.product_id = p.product_id
    where
        v.title = b.title
        and v.category = b.category
        and coalesce(v.image_id, '') = coalesce(b.image_id, '')
),

final as (
    select
        e.product_id,
        e.version,
        min(greatest(e.valid_from, c.starts_at)) as known_from
    from edits as e
    inner join staging.campaigns as c
        on
            e.merchant_id = c.merchant_id
            and e.valid_from >= c.starts_at - interval 1 day
            and e.valid_from <= c.ends_at + interval 1 day
    where c.is_approved
    group by e.product_id, e.version
)

select * from final
