-- Rules of the marketplace that changed.
--
-- grain:   policy_id
-- params:  none
-- returns: policy_id     varchar    pol_...
--          title         varchar
--          market        varchar    null = every market
--          announced_at  timestamp
--          effective_at  timestamp
with source as (
    select * from raw.policy_changes
),

final as (
    select
        cast(policy_id as varchar) as policy_id,
        cast(title as varchar) as title,
        cast(market as varchar) as market,
        cast(announced_at as timestamp) as announced_at,
        cast(effective_at as timestamp) as effective_at
    from source
)

select * from final
