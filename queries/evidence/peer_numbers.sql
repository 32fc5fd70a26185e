-- One number of one entity beside the same number of its peers.
--
-- Peers are of the same category, age band and market; where fewer than 20 of them
-- have the number, of all markets, then of all categories.
--
-- grain:   entity_id, is_subject
-- params:  entity_type  varchar  merchant, creator, product or buyer
--          entity_id    varchar
--          relation     varchar  the number that is compared
--          as_of        date     what was known before this day
-- returns: entity_id    varchar
--          name         varchar  as typed
--          amount       double   the number
--          category     varchar
--          age_band     varchar
--          market       varchar
--          is_peer      integer  1 when others are compared with it
--          is_subject   integer  1 for the entity itself
with amounts as (
    select
        entity_type,
        entity_id,
        as_of,
        category,
        age_band,
        market,
        case when is_peer then 1 else 0 end as is_peer,
        case when is_subject and entity_id = $entity_id then 1 else 0 end
            as is_subject,
        case $relation
            when 'orders' then orders
            when 'average_order_usd' then average_order_usd
            when 'voucher_share' then voucher_share
            when 'crowded_device_share' then crowded_device_share
            when 'fast_review_share' then fast_review_share
            when 'refund_rate' then refund_rate
        end as amount
    from surroundings.peer_values
    where
        entity_type = $entity_type
        and as_of = $as_of
        and (is_peer or entity_id = $entity_id)
),

peer_distances as (
    select
        p.*,
        case
            when p.category = o.category and p.market = o.market then 1
            when p.category = o.category then 2
            else 3
        end as distance
    from amounts as p
    inner join amounts as o
        on o.is_subject = 1 and p.age_band = o.age_band
),

-- How wide one has to look to find 20 values.
peer_counts as (
    select
        *,
        count(amount) filter (where distance = 1 and is_peer = 1) over ()
            as nearest,
        count(amount) filter (where distance <= 2 and is_peer = 1) over ()
            as near
    from peer_distances
),

final as (
    select
        c.entity_id,
        e.name,
        c.amount,
        c.category,
        c.age_band,
        c.market,
        c.is_peer,
        c.is_subject
    from peer_counts as c
    inner join graph.entities as e
        on c.entity_type = e.entity_type and c.entity_id = e.entity_id
    where
        c.distance <= case
            when c.nearest >= least_peers() then 1
            when c.near >= least_peers() then 2
            else 3
        end
)

select * from final
order by
    is_subject desc nulls last,
    amount desc nulls last,
    entity_id asc nulls last
