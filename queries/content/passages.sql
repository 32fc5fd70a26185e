-- Words of a lexicon in what people wrote, place by place, with whom the text concerns.
--
-- It is evidence to look at: nothing that scores, ranks or acts reads it
-- (docs/decisions/0131-words-beside-the-policy.md).
--
-- grain:   source, row_id, lexicon, span_start
-- params:  none
-- returns: source           varchar    title, live_title, video_title, comment,
--                                      review, claim or complaint
--          row_id           varchar    of the delivered row that holds the text
--          written_at       timestamp  UTC
--          merchant_id      varchar    null = of no shop
--          product_id       varchar    null = of no listing
--          creator_id       varchar    null = of no creator
--          live_session_id  varchar    null = of no live room
--          buyer_id         varchar    who wrote it; null = no buyer account
--          body             varchar    as typed: hostile until escaped
--          typology         varchar    pack of the lexicon
--          lexicon          varchar
--          clause           varchar    what it stands for, in words
--          span_start       bigint     first sign of the words in body, from 0
--          span_end         bigint     sign after the last
--          mention          varchar    why they are only cited: quote, report,
--                                      warning, policy or question; null = said
--          cue              varchar    words that show it
with listed_titles as (
    select
        listing_version_id as row_id,
        product_id,
        valid_from as written_at,
        title
    from staging.listing_versions
),

listings as (
    select
        product_id as row_id,
        product_id,
        listed_at as written_at,
        title
    from staging.products
    where product_id not in (select product_id from listed_titles)
),

titles as (
    select * from listed_titles
    union all
    select * from listings
),

texts as (
    select
        'title' as source,
        t.row_id,
        t.written_at,
        p.merchant_id,
        t.product_id,
        null as creator_id,
        null as live_session_id,
        null as buyer_id,
        t.title as body
    from titles as t
    inner join staging.products as p on t.product_id = p.product_id
    union all
    select
        'live_title' as source,
        live_session_id as row_id,
        started_at as written_at,
        merchant_id,
        null as product_id,
        creator_id,
        live_session_id,
        null as buyer_id,
        title as body
    from staging.live_sessions
    union all
    select
        'video_title' as source,
        video_id as row_id,
        published_at as written_at,
        null as merchant_id,
        null as product_id,
        creator_id,
        null as live_session_id,
        null as buyer_id,
        title as body
    from staging.videos
    union all
    select
        'comment' as source,
        c.comment_id as row_id,
        c.commented_at as written_at,
        s.merchant_id,
        null as product_id,
        s.creator_id,
        c.live_session_id,
        c.buyer_id,
        c.body
    from staging.live_comments as c
    inner join staging.live_sessions as s
        on c.live_session_id = s.live_session_id
    union all
    select
        'review' as source,
        r.review_id as row_id,
        r.created_at as written_at,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.live_session_id,
        o.buyer_id,
        r.body
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    union all
    select
        'claim' as source,
        r.refund_id as row_id,
        r.requested_at as written_at,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.live_session_id,
        o.buyer_id,
        r.claim_text as body
    from staging.refunds as r
    inner join staging.orders as o on r.order_id = o.order_id
    union all
    select
        'complaint' as source,
        c.complaint_id as row_id,
        c.observed_at as written_at,
        c.merchant_id,
        o.product_id,
        o.creator_id,
        o.live_session_id,
        c.buyer_id,
        c.body
    from staging.complaints as c
    left join staging.orders as o on c.order_id = o.order_id
),

final as (
    select
        t.source,
        t.row_id,
        t.written_at,
        t.merchant_id,
        t.product_id,
        t.creator_id,
        t.live_session_id,
        t.buyer_id,
        t.body,
        m.typology,
        m.lexicon,
        m.clause,
        m.span_start,
        m.span_end,
        m.mention,
        m.cue
    from content.matched_texts as m
    inner join texts as t on m.source = t.source and m.body = t.body
)

select * from final
