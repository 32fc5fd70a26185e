-- Buyers somebody has confirmed as bad, and since when that was known.
--
-- grain:   buyer_id
-- params:  none
-- returns: buyer_id      varchar
--          known_day     date     first day the verdict was known
with confirmed as (
    select
        entity_id as buyer_id,
        min(day) as known_day
    from staging.labels
    where entity_type = 'buyer' and label = 'bad'
    group by entity_id
)

select * from confirmed
