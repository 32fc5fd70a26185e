-- A sketch of the words of each longer review of an account: alike texts get the same.
--
-- MinHash (Broder 1997): of a random order of all words, the first that the text has.
-- Two texts agree in it as often as they share words, so nothing need be compared
-- with everything. Eight orders are cut from one md5 of each word, and four of them
-- together make a band: texts that share nine words in ten agree in one of the two
-- bands nine times in ten, those that share half one time in eight.
--
-- grain:   review_id, band
-- params:  none
-- returns: review_id    varchar
--          band         bigint     1 or 2
--          sketch       varchar    equal for texts that are alike
--          merchant_id  varchar
--          product_id   varchar
--          buyer_id     varchar
--          created_at   timestamp  UTC
--          day          date       UTC day it was written
with texts as (
    select
        body,
        regexp_replace(lower(body), '[.,!?;:()"-]', '', 'g') as plain
    from facts.review_facts
    where length(body) >= long_text() and buyer_id is not null
    group by body
),

words as (
    select
        body,
        unnest(string_split(plain, ' ')) as word
    from texts
),

word_digests as (
    select
        body,
        md5(word) as digest
    from words
    where word <> ''
),

sketches as (
    select
        body,
        min(substring(digest, 1, 4))
        || min(substring(digest, 5, 4))
        || min(substring(digest, 9, 4))
        || min(substring(digest, 13, 4)) as first_band,
        min(substring(digest, 17, 4))
        || min(substring(digest, 21, 4))
        || min(substring(digest, 25, 4))
        || min(substring(digest, 29, 4)) as second_band
    from word_digests
    group by body
),

bands as (
    select
        body,
        cast(1 as bigint) as band,
        first_band as sketch
    from sketches
    union all
    select
        body,
        cast(2 as bigint) as band,
        second_band as sketch
    from sketches
),

final as (
    select
        r.review_id,
        b.band,
        b.sketch,
        r.merchant_id,
        r.product_id,
        r.buyer_id,
        r.created_at,
        r.day
    from facts.review_facts as r
    inner join bands as b on r.body = b.body
    where r.buyer_id is not null
)

select * from final
