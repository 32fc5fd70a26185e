-- Every verdict of a person, and from when to when it was the last word.
--
-- An appeal replaces what it overturns; an analyst may take a verdict back and put none in
-- its place. What a rule decided is no verdict until
-- somebody has looked. At a snapshot the one holds with known_day < as_of and
-- replaced_day null or >= as_of: at most one per entity.
--
-- grain:   label_id
-- params:  none
-- returns: label_id      varchar
--          entity_type   varchar
--          entity_id     varchar
--          label         varchar  bad | good
--          typology      varchar  of a bad label
--          known_day     date     day the verdict was known
--          replaced_day  date     day a later one was known, or it was taken back;
--                                 null = it stands
with people as (
    select
        label_id,
        entity_type,
        entity_id,
        label,
        typology,
        known_at,
        cast(withdrawn_at as date) as withdrawn_day,
        day as known_day
    from staging.labels
    where source <> 'rule'
),

final as (
    select
        label_id,
        entity_type,
        entity_id,
        label,
        typology,
        known_day,
        least(
            withdrawn_day,
            lead(known_day) over (
                partition by entity_type, entity_id
                order by known_at asc nulls last, label_id asc nulls last
            )
        ) as replaced_day
    from people
)

select * from final
