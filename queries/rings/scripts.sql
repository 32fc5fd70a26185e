-- Reviews that follow a script: many accounts of one shop in words hardly anybody else uses.
--
-- A shop's own buyers repeat each other by chance as often as it is reviewed; that all who
-- ever wrote so wrote to one shop takes somebody who hands the text out. Slow crews, whose
-- accounts are real people with a life of their own, are known by nothing else.
--
-- grain:   review_id
-- params:  script_accounts  bigint  accounts in the same words at one shop, at least
--          script_surprise  double  least surprise of as many
-- returns: review_id      varchar
--          node           varchar    type:id of the account that wrote it
--          thing_id       varchar    first review in these words
--          created_at     timestamp
--          account_count  bigint     accounts in these words
with texts as (
    select
        review_id,
        merchant_id,
        buyer_id,
        created_at,
        band || ' ' || sketch as wording
    from similarity.review_sketches
    union all
    select
        review_id,
        merchant_id,
        buyer_id,
        created_at,
        left(lower(body), short_text()) as wording
    from facts.review_facts
    where
        length(body) >= long_text()
        and body not like '% %'
        and buyer_id is not null
),

wordings as (
    select
        merchant_id,
        wording,
        min_by(review_id, (created_at, review_id)) as thing_id,
        count(distinct buyer_id) as account_count
    from texts
    group by merchant_id, wording
),

writers as (
    select
        wording,
        count(distinct buyer_id) as writer_count
    from texts
    group by wording
),

shops as (
    select
        merchant_id,
        cast(count(distinct buyer_id) as double) as reviewers
    from texts
    group by merchant_id
),

everybody as (
    select sum(reviewers) as reviewers
    from shops
),

scripts as (
    select
        w.merchant_id,
        w.wording,
        w.thing_id,
        w.account_count
    from wordings as w
    inner join writers as a on w.wording = a.wording
    inner join shops as s on w.merchant_id = s.merchant_id
    cross join everybody as e
    where
        w.account_count >= $script_accounts
        and surprise(
            w.account_count,
            a.writer_count,
            s.reviewers / e.reviewers
        )
        >= $script_surprise
),

-- A review that agrees with several wordings goes with that of most accounts.
followed as (
    select
        r.review_id,
        r.buyer_id,
        r.created_at,
        s.thing_id,
        s.account_count
    from texts as r
    inner join scripts as s
        on r.merchant_id = s.merchant_id and r.wording = s.wording
    qualify
        row_number() over (
            partition by r.review_id
            order by
                s.account_count desc nulls last,
                s.thing_id asc nulls last
        ) = 1
),

final as (
    select
        review_id,
        'buyer:' || buyer_id as node,
        thing_id,
        created_at,
        account_count
    from followed
)

select * from final
