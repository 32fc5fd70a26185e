-- Promotions, approved or not.
--
-- grain:   campaign_id
-- params:  none
-- returns: campaign_id  varchar    cmp_...
--          name         varchar
--          kind         varchar
--          market       varchar    null = every market
--          merchant_id  varchar    null = run by the platform
--          is_approved  boolean    approved by the platform before it started
--          starts_at    timestamp
--          ends_at      timestamp
with source as (
    select * from raw.campaigns
),

final as (
    select
        cast(campaign_id as varchar) as campaign_id,
        cast(name as varchar) as name,
        cast(kind as varchar) as kind,
        cast(market as varchar) as market,
        cast(merchant_id as varchar) as merchant_id,
        cast(is_approved as boolean) as is_approved,
        cast(starts_at as timestamp) as starts_at,
        cast(ends_at as timestamp) as ends_at
    from source
)

select * from final
