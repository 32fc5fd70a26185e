-- How a metric is sliced: bands of what an order, a shop or a host is, and the groupings of a row.

-- A shop by its age and its paid orders a day.
create or replace temp macro merchant_tier(age, orders_per_day) as case
    when age < 60.0 then 'new'
    when orders_per_day < 1.0 then 'small'
    when orders_per_day < 5.0 then 'medium'
    else 'large'
end;

-- A buyer's account by its days since it was opened, guests apart.
create or replace temp macro buyer_age(buyer_id, age) as case
    when buyer_id is null then 'guest'
    when age is null then 'unknown'
    when age < 7.0 then 'under_7_days'
    when age < 30.0 then '7_to_29_days'
    when age < 180.0 then '30_to_179_days'
    else '180_days_or_more'
end;

-- A creator by followers, as the trade names them; 'none' without a creator.
create or replace temp macro creator_tier(creator_id, followers) as case
    when creator_id is null then 'none'
    when followers is null then 'unknown'
    when followers < 1000 then 'starter'
    when followers < 10000 then 'nano'
    when followers < 100000 then 'micro'
    else 'macro'
end;

-- Groupings that a row counts in: of one dimension, of two, and by two the total, each
-- and both. A value that is none is 'none'.
create or replace temp macro one_dimension(dimension, value) as {
    'dimension_a': cast(dimension as varchar),
    'value_a': cast(value as varchar),
    'dimension_b': cast(null as varchar),
    'value_b': cast(null as varchar)
};
create or replace temp macro two_dimensions(first, value, second, value_b) as {
    'dimension_a': cast(first as varchar),
    'value_a': cast(value as varchar),
    'dimension_b': cast(second as varchar),
    'value_b': cast(value_b as varchar)
};
create or replace temp macro pair_of(first, value, second, value_b) as
case
    when value is not null and value_b is not null
        then two_dimensions(first, value, second, value_b)
end;
create or replace temp macro groupings(first, value, second, value_b) as [
    one_dimension(null, null),
    one_dimension(first, coalesce(value, 'none')),
    one_dimension(second, coalesce(value_b, 'none')),
    two_dimensions(
        first, coalesce(value, 'none'), second, coalesce(value_b, 'none')
    )
];
