-- What the creators that share something with a creator did, by snapshot.
--
-- Linked are its similarity.shared_identifier_neighbours: who streams from its
-- device, signs in from its network or shares another identifier that is no crowd's.
-- The creator itself is not among them. Orders within five seconds of the click are
-- compared: those of a script are, and a script is run for several accounts.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id         varchar
--          as_of              date
--          instant_share_30d  double   mean over those with 5 orders; null = none
--          instant_sd_30d     double   its standard deviation; null below two
--          instant_max_30d    double   the largest of these shares
--          orders_log_30d     double   ln(1 + orders of all of them)
with neighbours as (
    select distinct
        d.observation_id,
        d.as_of,
        c.neighbour_id
    from similarity.shared_identifier_neighbours as c
    inner join population.observations as d
        on
            d.entity_type = 'creator'
            and c.entity_type = 'creator'
            and c.entity_id = d.entity_id
            and valid_at(c.known_from, c.known_until, d.as_of)
),

neighbour_shares as (
    select
        k.observation_id,
        w.orders_30d,
        cast(
            rate(w.instant_orders_30d, w.orders_30d, least_orders())
            as decimal(18, 9)
        ) as instant_share
    from neighbours as k
    left join windows.entity_windows as w
        on
            w.entity_type = 'creator'
            and k.neighbour_id = w.entity_id
            and k.as_of = w.as_of
),

totals as (
    select
        observation_id,
        cast(count(instant_share) as double) as shares,
        cast(sum(instant_share) as double) as share_sum,
        cast(sum(instant_share * instant_share) as double) as share_squares,
        cast(max(instant_share) as double) as share_max,
        coalesce(sum(orders_30d), 0.0) as orders_30d
    from neighbour_shares
    group by observation_id
),

final as (
    select
        d.entity_id as creator_id,
        d.as_of,
        s.share_sum / nullif(s.shares, 0.0) as instant_share_30d,
        sample_sd(s.shares, s.share_sum, s.share_squares) as instant_sd_30d,
        s.share_max as instant_max_30d,
        ln(1.0 + s.orders_30d) as orders_log_30d
    from totals as s
    inner join population.observations as d
        on s.observation_id = d.observation_id
)

select * from final
