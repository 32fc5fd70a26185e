-- Followers of one creator at the end of each day.
--
-- grain:   day
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: day                         date
--          followers                   bigint     accounts
--          age                         bigint     days before as_of
with final as (
    select
        day,
        followers,
        cast($as_of as date) - day as age
    from staging.creator_days
    where
        creator_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by day desc nulls last
