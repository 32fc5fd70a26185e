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
--          is_sale     integer    1 = only a price, for an approved sale or after it
with final as (
    select
        v.version,
        v.valid_from,
        v.title,
        v.category,
        v.price_usd,
        v.image_id,
        date_diff('day', v.day, cast($as_of as date)) as age_days,
        case
            when v.version = max(v.version) over () then 1 else 0
        end as is_current,
        case
            when v.category <> first_value(v.category) over (
                order by v.version asc nulls last
            ) then 1
            else 0
        end as is_turned,
        case
            when s.known_from < cast($as_of as timestamp) then 1 else 0
        end as is_sale
    from staging.listing_versions as v
    left join facts.sale_prices as s
        on v.product_id = s.product_id and v.version = s.version
    where v.product_id = $entity_id and v.day < $as_of
)

select * from final
order by version desc nulls last
