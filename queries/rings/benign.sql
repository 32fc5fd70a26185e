-- The harmless group most like each ring, and the figures that tell them apart.
--
-- Harmless is a community without a suspect and without a bad verdict: a family, a
-- dormitory, fans. The densest of its size and kind of tie stands for all of these; a ring is
-- held against the one nearest in number of accounts, of its own kind of tie if that is as
-- near. Rings of shops alone have none: the figures are of accounts.
--
-- grain:   ring_id
-- params:  benign_accounts  bigint  accounts that a ring and a group have at least
-- returns: ring_id               varchar
--          community_id          varchar  of communities.communities
--          account_count         bigint   accounts of that group
--          top_relation          varchar  what ties it, as in communities.communities
--          ring_days             double   median days from first to last order of an account
--          benign_days           double   the same in that group
--          ring_shop_share       double   orders of its accounts at their three busiest shops
--          benign_shop_share     double
--          ring_voucher_share    double   of its goods that vouchers paid
--          benign_voucher_share  double
with stained as (
    select distinct m.community_id
    from communities.members as m
    inner join rings.suspects as s
        on m.entity_type = s.entity_type and m.entity_id = s.entity_id
),

harmless as (
    select
        c.community_id,
        c.buyer_count,
        c.top_relation
    from communities.communities as c
    left join stained as s on c.community_id = s.community_id
    where
        s.community_id is null
        and c.confirmed_bad_count = 0
        and c.buyer_count >= $benign_accounts
        and c.buyer_count = c.member_count
    qualify
        row_number() over (
            partition by c.buyer_count, c.top_relation
            order by c.density desc nulls last, c.community_id asc nulls last
        ) = 1
),

rings as (
    select
        m.ring_id,
        count(*) as account_count,
        any_value(d.top_relation) as top_relation
    from rings.members as m
    left join rings.densities as d on m.ring_id = d.ring_id
    where m.entity_type = 'buyer'
    group by m.ring_id
    having count(*) >= $benign_accounts
),

pairs as (
    select
        r.ring_id,
        h.community_id,
        h.buyer_count,
        h.top_relation
    from rings as r
    cross join harmless as h
    qualify
        row_number() over (
            partition by r.ring_id
            order by
                abs(ln(r.account_count / h.buyer_count)) asc nulls last,
                h.top_relation = 'shares_' || r.top_relation desc nulls last,
                h.community_id asc nulls last
        ) = 1
),

accounts as (
    select
        ring_id as group_id,
        entity_id as buyer_id
    from rings.members
    where entity_type = 'buyer'
    union all
    select
        community_id as group_id,
        entity_id as buyer_id
    from communities.members
    where
        entity_type = 'buyer'
        and community_id in (select p.community_id from pairs as p)
),

orders as (
    select
        a.group_id,
        o.buyer_id,
        o.merchant_id,
        o.counted_at,
        o.voucher_usd,
        o.items_usd
    from staging.orders as o
    inner join accounts as a on o.buyer_id = a.buyer_id
),

lives as (
    select
        group_id,
        median(days) as days
    from (
        select
            group_id,
            date_diff('hour', min(counted_at), max(counted_at)) / 24.0 as days
        from orders
        group by group_id, buyer_id
    ) as by_account
    group by group_id
),

shops as (
    select
        group_id,
        sum(if(place <= 3, visits, 0)) / sum(visits) as shop_share
    from (
        select
            group_id,
            count(*) as visits,
            row_number() over (
                partition by group_id
                order by count(*) desc nulls last, merchant_id asc nulls last
            ) as place
        from orders
        group by group_id, merchant_id
    ) as by_shop
    group by group_id
),

figures as (
    select
        o.group_id,
        any_value(l.days) as days,
        any_value(s.shop_share) as shop_share,
        coalesce(sum(o.voucher_usd) / nullif(sum(o.items_usd), 0.0), 0.0)
            as voucher_share
    from orders as o
    inner join lives as l on o.group_id = l.group_id
    inner join shops as s on o.group_id = s.group_id
    group by o.group_id
),

final as (
    select
        p.ring_id,
        p.community_id,
        p.buyer_count as account_count,
        p.top_relation,
        round(r.days, 4) as ring_days,
        round(b.days, 4) as benign_days,
        round(r.shop_share, 6) as ring_shop_share,
        round(b.shop_share, 6) as benign_shop_share,
        round(r.voucher_share, 6) as ring_voucher_share,
        round(b.voucher_share, 6) as benign_voucher_share
    from pairs as p
    inner join figures as r on p.ring_id = r.group_id
    inner join figures as b on p.community_id = b.group_id
)

select * from final
