-- Listings of unrelated shops whose titles share eight runs of letters in ten.
--
-- Unrelated are shops that share no bank account, back-office device or return
-- address. A name that everybody uses says nothing: of the listings that fall
-- together only the first 20 are compared.
--
-- grain:   product_id, twin_id
-- params:  none
-- returns: product_id  varchar
--          twin_id     varchar    a listing of another shop
--          likeness    double     0.8..1: runs both have over runs either has
--          known_from  timestamp  both had shown titles so alike from then
with sketch_titles as (
    select
        t.product_id,
        t.merchant_id,
        t.title_id,
        t.shown_at,
        s.runs,
        s.band,
        s.sketch,
        row_number() over (
            partition by s.band, s.sketch
            order by
                t.shown_at asc nulls last,
                t.product_id asc nulls last,
                t.title_id asc nulls last
        ) as place
    from facts.listing_titles as t
    inner join similarity.title_sketches as s on t.title_id = s.title_id
),

pairs as (
    select distinct
        a.product_id,
        b.product_id as twin_id,
        a.merchant_id,
        b.merchant_id as other_id,
        a.title_id,
        b.title_id as twin_title_id,
        a.runs + b.runs as runs,
        greatest(a.shown_at, b.shown_at) as known_from
    from sketch_titles as a
    inner join sketch_titles as b
        on
            a.band = b.band
            and a.sketch = b.sketch
            and a.merchant_id <> b.merchant_id
    where a.place <= most_sharers() and b.place <= most_sharers()
),

-- Alike is said once of two titles and holds both ways round.
title_pairs as (
    select distinct
        least(title_id, twin_title_id) as title_id,
        greatest(title_id, twin_title_id) as twin_title_id,
        runs
    from pairs
),

likenesses as (
    select
        t.title_id,
        t.twin_title_id,
        cast(count(*) as double) / (t.runs - count(*)) as likeness
    from title_pairs as t
    inner join similarity.title_shingles as a on t.title_id = a.title_id
    inner join similarity.title_shingles as b
        on t.twin_title_id = b.title_id and a.shingle = b.shingle
    group by t.title_id, t.twin_title_id, t.runs
),

final as (
    select
        p.product_id,
        p.twin_id,
        max(c.likeness) as likeness,
        min(p.known_from) as known_from
    from pairs as p
    inner join likenesses as c
        on
            least(p.title_id, p.twin_title_id) = c.title_id
            and greatest(p.title_id, p.twin_title_id) = c.twin_title_id
    left join facts.sibling_shops as s
        on
            p.merchant_id = s.merchant_id
            and p.other_id = s.sibling_id
            and p.known_from >= s.known_from
            and (s.known_until is null or p.known_from < s.known_until)
    where c.likeness >= 0.8 and s.merchant_id is null
    group by p.product_id, p.twin_id
)

select * from final
