-- What one listing said and cost, version by version.
--
-- grain:   version
-- params:  entity_id   varchar  the listing
--          as_of       date     what was known before this day
-- returns: version     bigint     1 = as first listed
--          valid_from  timestamp  UTC
--          title       varchar    as typed
--          category    varchar
--          price_usd   double     USD
--          image_id    varchar    masked perceptual hash
--          age_days    bigint     days before the snapshot it began
--          is_current  integer    1 = the version then open
--          is_turned   integer    1 = other category than first
with final as (
    select
        version,
        valid_from,
        title,
        category,
        price_usd,
        image_id,
        date_diff('day', day, cast($as_of as date)) as age_days,
        case
            when version = max(version) over () then 1 else 0
        end as is_current,
        case
            when category <> first_value(category) over (
                order by version asc nulls last
            ) then 1
            else 0
        end as is_turned
    from staging.listing_versions
    where product_id = $entity_id and day < $as_of
)

select * from final
order by version desc nulls last
