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
--          entity_key    bigint   of facts.entity_keys
-- What has no creator falls into a group without an id, which has no number.
with day_totals as (
    select
        case
            when grouping(merchant_id) = 0 then 'merchant'
            when grouping(creator_id) = 0 then 'creator'
            else 'product'
        end as entity_type,
        coalesce(merchant_id, creator_id, product_id) as entity_id,
        day,
        cast(count(*) as integer) as reviews,
        cast(sum(rating) as integer) as rating_sum,
        cast(sum(is_five_star) as integer) as five_stars,
        cast(sum(is_low_star) as integer) as low_stars,
        cast(sum(is_fast) as integer) as fast_reviews
    from facts.review_facts
    group by
        grouping sets (
            (merchant_id, day), (creator_id, day), (product_id, day)
        )
),

final as (
    select
        d.*,
        n.entity_key
    from day_totals as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from final
order by entity_key asc nulls last
