-- How each shop, creator and listing was reviewed on each day.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type   varchar  merchant, creator, product
--          entity_id     varchar
--          day           date
--          reviews       integer  reviews
--          rating_sum    integer  stars
--          five_stars    integer  5-star reviews
--          low_stars     integer  1 and 2-star reviews
--          fast_reviews  integer  within 48 h of delivery
--          number        bigint   of features.entity_numbers
with kinds as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

reviewed as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            else f.product_id
        end as entity_id,
        f.day,
        cast(count(*) as integer) as reviews,
        cast(sum(f.rating) as integer) as rating_sum,
        cast(sum(f.is_five_star) as integer) as five_stars,
        cast(sum(f.is_low_star) as integer) as low_stars,
        cast(sum(f.is_fast) as integer) as fast_reviews
    from features.review_facts as f
    cross join kinds as k
    where k.entity_type <> 'creator' or f.creator_id is not null
    group by all
),

described as (
    select
        d.*,
        n.number
    from reviewed as d
    inner join features.entity_numbers as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from described
order by number asc nulls last
