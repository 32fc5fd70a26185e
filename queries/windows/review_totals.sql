-- How alike and how well acquainted the reviewers of a shop or listing are.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type           varchar  merchant, product
--          entity_id             varchar
--          as_of                 date     only days before it count
--          crew_size_90d         double   largest crew of reviewers, 90 days
--          repeated_reviews_90d  double   in words the shop had before, 90 days
with days as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        day,
        max(crew_size) as crew_size,
        cast(0 as bigint) as repeated
    from facts.co_reviews
    where crew_size >= 3
    group by merchant_id, day
    union all
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        day,
        cast(0 as bigint) as crew_size,
        count(*) as repeated
    from facts.repeated_reviews
    group by merchant_id, day
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        day,
        cast(0 as bigint) as crew_size,
        count(*) as repeated
    from facts.repeated_reviews
    group by product_id, day
),

final as (
    select
        d.entity_type,
        d.entity_id,
        s.as_of,
        cast(max(d.crew_size) as double) as crew_size_90d,
        cast(sum(d.repeated) as double) as repeated_reviews_90d
    from days as d
    inner join facts.snapshots as s
        on d.entity_type = s.entity_type and within(d.day, s.as_of, 90)
    group by d.entity_type, d.entity_id, s.as_of
)

select * from final
