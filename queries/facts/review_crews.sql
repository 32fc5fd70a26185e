-- Buyers who gave one or five stars to the same two listings within three weeks.
--
-- Popular listings share reviewers by chance; a crew is a good part of the reviewers of
-- both. Each of its members has a row for every day on which the crew was seen to grow
-- while its own three weeks last, so that whoever came first is told of the others.
--
-- grain:   buyer_id, product_id, other_product_id, day
-- params:  none
-- returns: buyer_id          varchar
--          product_id        varchar
--          other_product_id  varchar  reviewed by the same buyers
--          day               date     UTC day the crew was seen
--          crew_size         bigint   its members in the 21 days up to then
with first_reviews as (
    select
        buyer_id,
        product_id,
        min(created_at) as reviewed_at
    from facts.review_facts
    where rating in (1, 5) and buyer_id is not null
    group by buyer_id, product_id
),

reviewer_counts as (
    select
        product_id,
        buyer_id,
        count(*) over (
            partition by product_id
            order by reviewed_at asc nulls last
            range between unbounded preceding and current row
        ) as reviewers
    from first_reviews
),

meetings as (
    select
        a.buyer_id,
        a.product_id,
        b.product_id as other_product_id,
        greatest(a.reviewed_at, b.reviewed_at) as met_at
    from first_reviews as a
    inner join first_reviews as b
        on a.buyer_id = b.buyer_id and a.product_id < b.product_id
    where
        b.reviewed_at >= a.reviewed_at - interval 21 day
        and b.reviewed_at <= a.reviewed_at + interval 21 day
),

growth as (
    select
        buyer_id,
        product_id,
        other_product_id,
        met_at,
        count(*) over (
            partition by product_id, other_product_id
            order by met_at asc nulls last
            range between interval 21 day preceding and current row
        ) as crew_size
    from meetings
),

crews as (
    select
        g.product_id,
        g.other_product_id,
        g.met_at,
        g.crew_size
    from growth as g
    inner join reviewer_counts as a
        on g.product_id = a.product_id and g.buyer_id = a.buyer_id
    inner join reviewer_counts as b
        on g.other_product_id = b.product_id and g.buyer_id = b.buyer_id
    where
        g.crew_size >= 3
        and g.crew_size >= crew_overlap() * sqrt(a.reviewers * b.reviewers)
),

final as (
    select
        m.buyer_id,
        c.product_id,
        c.other_product_id,
        cast(c.met_at as date) as day,
        max(c.crew_size) as crew_size
    from crews as c
    inner join meetings as m
        on
            c.product_id = m.product_id
            and c.other_product_id = m.other_product_id
            and c.met_at >= m.met_at
            and c.met_at <= m.met_at + interval 21 day
    group by
        m.buyer_id,
        c.product_id,
        c.other_product_id,
        cast(c.met_at as date)
)

select * from final
