-- Every known event that moves metrics without being an attack.
--
-- The calendar, and what carriers, policies and releases report on their own; what
-- the calendar already tells (same kind, market and first day) is told once.
--
-- grain:   event_id
-- params:  none
-- returns: event_id   varchar    evt_..., inc_..., pol_... or rel_...
--          kind       varchar    as in the calendar
--          title      varchar    as typed: hostile until escaped
--          market     varchar    null = every market
--          starts_at  timestamp
--          ends_at    timestamp
with incidents as (
    select
        incident_id as event_id,
        'carrier' as kind,
        carrier || ': ' || kind as title,
        market,
        starts_at,
        ends_at
    from staging.carrier_incidents
),

policies as (
    select
        policy_id as event_id,
        'policy' as kind,
        title,
        market,
        effective_at as starts_at,
        effective_at as ends_at
    from staging.policy_changes
),

-- One release changes several models at once.
releases as (
    select
        min(release_id) as event_id,
        'release' as kind,
        version || ' goes live' as title,
        cast(null as varchar) as market,
        released_at as starts_at,
        released_at as ends_at
    from staging.model_releases
    group by version, released_at
),

reports as (
    select *
    from incidents
    union all
    select *
    from policies
    union all
    select *
    from releases
),

unlisted_reports as (
    select r.*
    from reports as r
    left join staging.calendar as c
        on
            r.kind = c.kind
            and coalesce(r.market, '') = coalesce(c.market, '')
            and cast(r.starts_at as date) = cast(c.starts_at as date)
    where c.event_id is null
),

final as (
    select
        event_id,
        kind,
        title,
        market,
        starts_at,
        ends_at
    from staging.calendar
    union all
    select *
    from unlisted_reports
)

select * from final
