-- How many reviews of or by each entity nearly copied another one, by snapshot.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type      varchar  merchant, product, buyer
--          entity_id        varchar
--          as_of            date
--          near_copies_90d  double   reviews in nearly another's words, 90 days
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'product' as entity_type
    union all
    select 'buyer' as entity_type
),

near_duplicates as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then t.merchant_id
            when 'product' then t.product_id
            else t.buyer_id
        end as entity_id,
        t.day
    from similarity.near_duplicate_reviews as t
    cross join entity_types as k
),

final as (
    select
        d.entity_type,
        d.entity_id,
        d.as_of,
        cast(count(*) as double) as near_copies_90d
    from near_duplicates as t
    inner join population.observations as d
        on
            t.entity_type = d.entity_type
            and t.entity_id = d.entity_id
            and within(t.day, d.as_of, 90)
    group by d.entity_type, d.entity_id, d.as_of
)

select * from final
