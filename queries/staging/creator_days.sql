-- Followers of each creator at the end of each day.
--
-- grain:   creator_id, day
-- params:  none
-- returns: creator_id  varchar    -> creators.creator_id
--          day         date       UTC day
--          followers   bigint     accounts
with source as (
    select * from raw.creator_days
),

final as (
    select
        cast(creator_id as varchar) as creator_id,
        cast(day as date) as day,
        cast(followers as bigint) as followers
    from source
)

select * from final
