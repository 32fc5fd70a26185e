-- A sketch of the letters of each title: alike titles get the same.
--
-- MinHash as similarity.review_sketches has it, over runs of three letters. Two bands
-- of four orders find equal titles always, those that share nine runs in ten nine
-- times in ten, eight in ten two times in three.
--
-- grain:   title_id, band
-- params:  none
-- returns: title_id  bigint   -> facts.listing_titles
--          runs      bigint   different runs of three letters in it
--          band      bigint   1 or 2
--          sketch    varchar  equal for titles that are alike
with digests as (
    select
        shingle,
        md5(shingle) as digest
    from similarity.title_shingles
    group by shingle
),

sketches as (
    select
        s.title_id,
        count(*) as runs,
        min(substring(d.digest, 1, 4))
        || min(substring(d.digest, 5, 4))
        || min(substring(d.digest, 9, 4))
        || min(substring(d.digest, 13, 4)) as first_band,
        min(substring(d.digest, 17, 4))
        || min(substring(d.digest, 21, 4))
        || min(substring(d.digest, 25, 4))
        || min(substring(d.digest, 29, 4)) as second_band
    from similarity.title_shingles as s
    inner join digests as d on s.shingle = d.shingle
    group by s.title_id
),

final as (
    select
        title_id,
        runs,
        cast(1 as bigint) as band,
        first_band as sketch
    from sketches
    union all
    select
        title_id,
        runs,
        cast(2 as bigint) as band,
        second_band as sketch
    from sketches
)

select * from final
