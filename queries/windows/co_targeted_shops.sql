-- How many neighbours rated a shop badly that a buyer rated badly too, by snapshot.
--
-- Two of one household may be let down by one shop; of three or more who share
-- things and all turn on one shop somebody asks who gains. One or two stars are bad,
-- both given within 90 days; a neighbour counts once, whatever the two share.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id  bigint  a buyer at a snapshot
--          low_raters_90d  double  distinct neighbours; who has none has no row
with low_ratings as (
    select distinct
        buyer_id,
        merchant_id,
        day
    from facts.review_facts
    where is_low_star = 1
),

rating_pairs as (
    select
        a.buyer_id,
        c.neighbour_id,
        a.day as own_day,
        b.day as neighbour_day,
        c.known_from,
        c.known_until
    from low_ratings as a
    inner join similarity.shared_identifier_neighbours as c
        on c.entity_type = 'buyer' and a.buyer_id = c.entity_id
    inner join low_ratings as b
        on c.neighbour_id = b.buyer_id and a.merchant_id = b.merchant_id
),

final as (
    select
        d.observation_id,
        cast(count(distinct p.neighbour_id) as double) as low_raters_90d
    from rating_pairs as p
    inner join population.observations as d
        on
            d.entity_type = 'buyer'
            and p.buyer_id = d.entity_id
            and within(p.own_day, d.as_of, 90)
            and within(p.neighbour_day, d.as_of, 90)
            and valid_at(p.known_from, p.known_until, d.as_of)
    group by d.observation_id
)

select * from final
