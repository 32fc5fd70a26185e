-- Each review with how many accounts had used its words by then.
--
-- grain:   review_id
-- params:  none
-- returns: review_id      varchar
--          order_id       varchar
--          buyer_id       varchar
--          created_at     timestamp  UTC
--          day            date       UTC day it was written
--          rating         bigint     stars
--          body           varchar    as typed
--          text_accounts  bigint     accounts with these words so far
--          is_copied      integer    1 when 2 accounts or more, 40 characters or more
with reviews as (
    select
        r.review_id,
        r.order_id,
        o.buyer_id,
        r.created_at,
        r.day,
        r.rating,
        r.body,
        case
            when row_number() over (
                partition by r.body, o.buyer_id
                order by r.created_at, r.review_id
            ) = 1 then 1 else 0
        end as is_first_use
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    where not o.is_sample and length(r.body) >= long_text()
),

running_counts as (
    select
        *,
        sum(is_first_use) over (
            partition by body
            order by created_at, review_id
            rows between unbounded preceding and current row
        ) as text_accounts
    from reviews
),

final as (
    select
        review_id,
        order_id,
        buyer_id,
        created_at,
        day,
        rating,
        body,
        cast(text_accounts as bigint) as text_accounts,
        case when text_accounts >= 2 then 1 else 0 end as is_copied
    from running_counts
)

select * from final
