-- The other rows behind one thing that ties a member: sign-ins, reviews, claims, registrations.
--
-- Newest first. What people wrote comes as typed: hostile until escaped.
--
-- grain:   source, row_id, entity_type, entity_id
-- params:  ring_id      varchar
--          relation     varchar  of rings.member_evidence
--          thing_id     varchar  of rings.member_evidence
-- returns: source       varchar    sign_in, review, refund or profile
--          row_id       varchar
--          entity_type  varchar    whose row it is
--          entity_id    varchar
--          happened_at  timestamp
--          about_type   varchar    product or live_session; null = nothing
--          about_id     varchar
--          amount_usd   double     null = no money in it
--          words        varchar    of a review or claim, title, kind of sign-in; null = none
with sign_ins as (
    select
        'sign_in' as source,
        auth_event_id as row_id,
        account_type as entity_type,
        account_id as entity_id,
        happened_at,
        null as about_type,
        null as about_id,
        null as amount_usd,
        kind as words
    from staging.auth_events
    where
        $relation = 'signed_in_device'
        and device_id = $thing_id
        and kind <> 'login_failed'
),

reviews as (
    select
        'review' as source,
        r.review_id as row_id,
        'buyer' as entity_type,
        o.buyer_id as entity_id,
        r.created_at as happened_at,
        'product' as about_type,
        o.product_id as about_id,
        null as amount_usd,
        r.body as words
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    inner join rings.scripts as s on r.review_id = s.review_id
    where $relation = 'review_text' and s.thing_id = $thing_id
),

claims as (
    select
        'refund' as source,
        r.refund_id as row_id,
        'buyer' as entity_type,
        r.buyer_id as entity_id,
        r.requested_at as happened_at,
        'product' as about_type,
        r.product_id as about_id,
        r.amount_usd,
        r.claim_text as words
    from facts.refund_facts as r
    inner join facts.refund_facts as f on r.claim_text = f.claim_text
    where $relation = 'claim_text' and f.refund_id = $thing_id
),

profiles as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        registered_at as happened_at,
        name as words,
        case $relation
            when 'bank_account' then bank_account_id
            when 'address' then return_address_id
        end as thing_id
    from staging.merchants
    union all
    select
        'creator' as entity_type,
        creator_id as entity_id,
        registered_at as happened_at,
        handle as words,
        case $relation
            when 'bank_account' then bank_account_id
            when 'device' then device_id
        end as thing_id
    from staging.creators
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        cast(listed_at as timestamp) as happened_at,
        title as words,
        if($relation = 'owner', 'merchant:' || merchant_id, null) as thing_id
    from staging.products
    union all
    select
        'live_session' as entity_type,
        live_session_id as entity_id,
        started_at as happened_at,
        title as words,
        if($relation = 'owner', 'creator:' || creator_id, null) as thing_id
    from staging.live_sessions
),

rows_behind as (
    select * from sign_ins
    union all
    select * from reviews
    union all
    select * from claims
    union all
    select
        'profile' as source,
        entity_id as row_id,
        entity_type,
        entity_id,
        happened_at,
        null as about_type,
        null as about_id,
        null as amount_usd,
        words
    from profiles
    where thing_id = $thing_id
)

select
    r.source,
    r.row_id,
    r.entity_type,
    r.entity_id,
    r.happened_at,
    r.about_type,
    r.about_id,
    cast(r.amount_usd as double) as amount_usd,
    r.words
from rows_behind as r
inner join rings.members as m
    on r.entity_type = m.entity_type and r.entity_id = m.entity_id
where m.ring_id = $ring_id
order by r.happened_at desc nulls last, r.row_id asc nulls last
