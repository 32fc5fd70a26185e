-- How many listings of unrelated shops had nearly the title of one, by snapshot.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id   varchar
--          as_of        date
--          near_titles  double   listings of unrelated shops nearly so called
with final as (
    select
        t.product_id,
        d.as_of,
        cast(count(*) as double) as near_titles
    from similarity.title_twins as t
    inner join population.observations as d
        on
            d.entity_type = 'product'
            and t.product_id = d.entity_id
            and t.known_from < cast(d.as_of as timestamp)
    group by t.product_id, d.as_of
)

select * from final
