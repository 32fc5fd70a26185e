-- Buyers who gave one or five stars to two shops within three weeks.
--
-- Anybody may like two shops. A crew is many of the same people meeting again at the
-- same second shop in the same three weeks; its size is counted as it grows.
--
-- grain:   merchant_id, other_merchant_id, buyer_id
-- params:  none
-- returns: merchant_id        varchar
--          other_merchant_id  varchar    reviewed by the same buyer
--          buyer_id           varchar
--          met_at             timestamp  when the later of both reviews came
--          day                date       UTC day of met_at
--          crew_size          bigint     such buyers in the 21 days up to then
with first_reviews as (
    select
        merchant_id,
        buyer_id,
        min(created_at) as reviewed_at
    from facts.review_facts
    where rating in (1, 5)
    group by merchant_id, buyer_id
),

pairs as (
    select
        a.merchant_id,
        b.merchant_id as other_merchant_id,
        a.buyer_id,
        greatest(a.reviewed_at, b.reviewed_at) as met_at
    from first_reviews as a
    inner join first_reviews as b
        on a.buyer_id = b.buyer_id and a.merchant_id <> b.merchant_id
    where
        b.reviewed_at >= a.reviewed_at - interval 21 day
        and b.reviewed_at <= a.reviewed_at + interval 21 day
),

final as (
    select
        merchant_id,
        other_merchant_id,
        buyer_id,
        met_at,
        cast(met_at as date) as day,
        count(*) over (
            partition by merchant_id, other_merchant_id
            order by met_at asc nulls last
            range between interval 21 day preceding and current row
        ) as crew_size
    from pairs
)

select * from final
