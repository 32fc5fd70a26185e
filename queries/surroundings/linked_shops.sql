-- What shops with the same owner's details did, and who bought there, by snapshot.
--
-- These details are a bank account, a back-office device and a return address.
-- Their buyers are the second hop: from the shop to its siblings to whom these
-- sold to. The shop itself is not among them.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id             varchar
--          as_of                   date
--          light_parcel_share_30d  double   mean over siblings with 5 parcels; null = none
--          light_parcel_sd_30d     double   its standard deviation; null below two
--          light_parcel_max_30d    double   the largest of these shares
--          orders_90d              double   orders at its siblings, 90 days
--          bad_orders_90d          double   of these, by buyers confirmed bad
--          base_rate               double   share of all buyers confirmed bad
with siblings as (
    select distinct
        h.merchant_id,
        h.sibling_id,
        s.as_of
    from facts.sibling_shops as h
    inner join facts.snapshots as s
        on
            s.entity_type = 'merchant'
            and valid_at(h.known_from, h.known_until, s.as_of)
),

sibling_shares as (
    select
        s.merchant_id,
        s.as_of,
        cast(
            rate(w.light_parcels_30d, w.deliveries_30d, least_deliveries())
            as decimal(18, 9)
        ) as light_share,
        w.orders_90d,
        coalesce(n.confirmed_bad_orders_90d, 0.0) as bad_orders_90d
    from siblings as s
    inner join windows.entity_windows as w
        on
            w.entity_type = 'merchant'
            and s.sibling_id = w.entity_id
            and s.as_of = w.as_of
    left join windows.entity_neighbours as n
        on
            n.entity_type = 'merchant'
            and s.sibling_id = n.entity_id
            and s.as_of = n.as_of
),

totals as (
    select
        merchant_id,
        as_of,
        cast(sum(light_share) as double) / count(light_share)
            as light_parcel_share_30d,
        cast(count(light_share) as double) as shares,
        cast(sum(light_share) as double) as share_sum,
        cast(sum(light_share * light_share) as double) as share_squares,
        cast(max(light_share) as double) as light_parcel_max_30d,
        sum(orders_90d) as orders_90d,
        sum(bad_orders_90d) as bad_orders_90d
    from sibling_shares
    group by merchant_id, as_of
),

final as (
    select
        s.merchant_id,
        s.as_of,
        s.light_parcel_share_30d,
        sample_sd(s.shares, s.share_sum, s.share_squares)
            as light_parcel_sd_30d,
        s.light_parcel_max_30d,
        s.orders_90d,
        s.bad_orders_90d,
        r.base_rate
    from totals as s
    inner join population.base_rates as r
        on r.entity_type = 'buyer' and s.as_of = r.as_of
)

select * from final
