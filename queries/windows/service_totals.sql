-- How each shop and listing served its buyers, by snapshot.
--
-- Service is kept apart from fraud: no model of fraud sees these columns. The
-- entropy of the five stars is 0 when all reviews agree and 1 when all stars are as
-- frequent; polarisation is the sd of the stars over its maximum of two: 1 when half
-- give one star and half give five.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type              varchar  merchant, product
--          entity_id                varchar
--          as_of                    date     only days before it count
--          disputes_90d             double   at a bank, about goods, 90 days
--          quality_complaints_90d   double   about quality, 90 days
--          slow_parcels_30d         double   over 120 hours on the way, 30 days
--          one_star_share_90d       double   share 0..1, 5 reviews or more
--          rating_entropy_90d       double   0..1, 10 reviews or more
--          rating_polarisation_90d  double   0..1, 10 reviews or more
with totals as (
    select
        s.observation_id,
        cast(sum(d.disputes) as double) as disputes_90d,
        cast(sum(d.quality_complaints) as double) as quality_complaints_90d,
        cast(
            coalesce(
                sum(d.slow_parcels) filter (where d.day >= s.as_of - 30), 0
            ) as double
        ) as slow_parcels_30d,
        cast(sum(d.one_stars) as double) as one_stars,
        cast(sum(d.two_stars) as double) as two_stars,
        cast(sum(d.three_stars) as double) as three_stars,
        cast(sum(d.four_stars) as double) as four_stars,
        cast(sum(d.five_stars) as double) as five_stars
    from days.service_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 90)
    group by s.observation_id
),

star_totals as (
    select
        *,
        one_stars + two_stars + three_stars + four_stars + five_stars
            as reviews,
        one_stars + 2.0 * two_stars + 3.0 * three_stars + 4.0 * four_stars
        + 5.0 * five_stars as stars,
        one_stars + 4.0 * two_stars + 9.0 * three_stars + 16.0 * four_stars
        + 25.0 * five_stars as star_squares
    from totals
),

final as (
    select
        e.entity_type,
        e.entity_id,
        e.as_of,
        disputes_90d,
        quality_complaints_90d,
        slow_parcels_30d,
        rate(one_stars, reviews, 5.0) as one_star_share_90d,
        case
            when reviews >= many_reviews()
                then
                    (
                        ln(reviews)
                        - (
                            one_stars * ln(greatest(one_stars, 1.0))
                            + two_stars * ln(greatest(two_stars, 1.0))
                            + three_stars * ln(greatest(three_stars, 1.0))
                            + four_stars * ln(greatest(four_stars, 1.0))
                            + five_stars * ln(greatest(five_stars, 1.0))
                        ) / reviews
                    ) / ln(5.0)
        end as rating_entropy_90d,
        case
            when reviews >= many_reviews()
                then
                    sqrt(
                        greatest(
                            reviews * star_squares - stars * stars, 0.0
                        )
                    ) / reviews / 2.0
        end as rating_polarisation_90d
    from star_totals as c
    inner join population.seller_spine as e
        on c.observation_id = e.observation_id
)

select * from final
