-- Which clusters one owner is behind: their shops or creators share an account or a device.
--
-- A chain over typologies falls into clusters by what its accounts do; who is paid in the
-- end is one. One thing in common is an agency or a warehouse; a payout account and an
-- address, or a device, is an owner.
--
-- grain:   cluster
-- params:  none
-- returns: cluster  bigint  as in rings.actors, rings.sellers and rings.relays
--          chain    bigint  least cluster of those that belong together
with recursive sellers as (
    select
        node,
        cluster
    from rings.sellers
    union
    select
        node,
        cluster
    from rings.relays
    where node not in (select s.node from rings.sellers as s)
),

-- Several of a cluster whom accounts of another one trade with: whoever pays is paid.
claimed as (
    select
        least(a.cluster, s.cluster) as cluster,
        greatest(a.cluster, s.cluster) as other
    from rings.actors as a
    inner join rings.sellers as s on a.node = s.node
    where a.cluster <> s.cluster
    group by all
    having count(*) > 1
),

owned as (
    select
        least(a.cluster, b.cluster) as cluster,
        greatest(a.cluster, b.cluster) as other
    from rings.ties as t
    inner join sellers as a on t.src = a.node
    inner join sellers as b on t.dst = b.node
    where
        t.relation in ('bank_account', 'device', 'address', 'signed_in_device')
        and a.cluster <> b.cluster
    group by all
    having count(distinct t.relation) > 1
),

links as (
    select * from owned
    union
    select * from claimed
),

clusters as (
    select cluster from sellers
    union
    select cluster from rings.actors
),

reached as (
    select
        cluster,
        cluster as other
    from clusters
    union
    select
        r.cluster,
        if(l.cluster = r.other, l.other, l.cluster) as other
    from reached as r
    inner join links as l on r.other = l.cluster or r.other = l.other
),

final as (
    select
        cluster,
        min(other) as chain
    from reached
    group by cluster
)

select * from final
