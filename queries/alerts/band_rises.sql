-- Which band a judged subject had when it was judged, and since when it stands above it.
--
-- What a person saw is what the last build by that day said (scores.history); whoever
-- has no row in a build was Low there. Where no build is as old as the verdict only
-- today's model can say, and then it says it of all days.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          judged_rank  bigint   band_rank of the band it had: 0 = Low or no score
--          judged_by    varchar  ledger | rescored
--          risen_on     date     first day after the verdict above it; null = none
with last_verdicts as (
    select
        entity_type,
        entity_id,
        known_day as judged_on
    from facts.verdicts
    where replaced_day is null
),

latest_snapshots as (
    select
        entity_type,
        as_of
    from facts.snapshots
    where is_latest
),

scoring_builds as (
    select * from day_builds(1)
),

judged_builds as (
    select
        v.entity_type,
        v.entity_id,
        v.judged_on,
        max(d.as_of) as shown_on
    from last_verdicts as v
    inner join scoring_builds as d
        on v.entity_type = d.entity_type and v.judged_on >= d.as_of
    group by v.entity_type, v.entity_id, v.judged_on
),

-- Today is not in the ledger before this build ends: its own scores speak for it.
ledger_days as (
    select
        v.entity_type,
        v.entity_id,
        v.judged_on,
        d.as_of,
        band_rank(h.score_band) as band_rank
    from judged_builds as v
    inner join latest_snapshots as n on v.entity_type = n.entity_type
    inner join scoring_builds as d
        on
            v.entity_type = d.entity_type
            and v.shown_on <= d.as_of
            and (n.as_of > d.as_of or v.judged_on >= d.as_of)
    left join scores.history as h
        on
            v.entity_type = h.entity_type
            and v.entity_id = h.entity_id
            and d.build_number = h.build_number
),

rescored_days as (
    select
        v.entity_type,
        v.entity_id,
        v.judged_on,
        s.as_of,
        band_rank(s.score_band) as band_rank,
        b.shown_on is not null as is_in_ledger
    from last_verdicts as v
    inner join scores.scores as s
        on v.entity_type = s.entity_type and v.entity_id = s.entity_id
    inner join latest_snapshots as n on s.entity_type = n.entity_type
    left join judged_builds as b
        on v.entity_type = b.entity_type and v.entity_id = b.entity_id
    where
        b.shown_on is null
        or (s.as_of = n.as_of and s.as_of > v.judged_on)
),

days as (
    select
        *,
        true as is_in_ledger
    from ledger_days
    union all
    select * from rescored_days
),

judged_ranks as (
    select
        entity_type,
        entity_id,
        judged_on,
        bool_or(is_in_ledger) as is_in_ledger,
        coalesce(
            max_by(band_rank, as_of) filter (where as_of <= judged_on), 0
        ) as judged_rank
    from days
    group by entity_type, entity_id, judged_on
),

risen_days as (
    select
        d.entity_type,
        d.entity_id,
        min(d.as_of) as risen_on
    from days as d
    inner join judged_ranks as j
        on d.entity_type = j.entity_type and d.entity_id = j.entity_id
    where d.as_of > d.judged_on and d.band_rank > j.judged_rank
    group by d.entity_type, d.entity_id
),

final as (
    select
        j.entity_type,
        j.entity_id,
        cast(j.judged_rank as bigint) as judged_rank,
        case when j.is_in_ledger then 'ledger' else 'rescored' end as judged_by,
        r.risen_on
    from judged_ranks as j
    left join risen_days as r
        on j.entity_type = r.entity_type and j.entity_id = r.entity_id
)

select * from final
