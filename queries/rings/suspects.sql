-- Who may be part of an attack: likely bad today, called bad before, or in plain company.
--
-- A ring is looked for among these alone, because a dense group is no guilty one:
-- families and dormitories share more than click farms do. Whoever was taken over or leaked on is part of it as a victim.
--
-- grain:   entity_type, entity_id
-- params:  suspect_from         double  probability from which a subject may be in a ring
--          convicted_suspicion  double  what a standing bad verdict counts
--          hinted_suspicion     double  what signals of strength 1 count on their own
-- returns: entity_type  varchar
--          entity_id    varchar
--          node         varchar  type:id
--          typology     varchar  of the verdict, else what fits best; null = nothing
--          suspicion    double   0..1: a weight, not shown as a probability
--          is_crowd     boolean  came with an odd crowd or wrote by a script
--                                (rings.crowds, rings.scripts)
with acquitted as (
    select
        entity_type,
        entity_id,
        max(known_at) as known_at
    from staging.labels
    where label = 'good' and source = 'appeal'
    group by entity_type, entity_id
),

-- A rule counts too: nobody has looked yet, and what it caught came together. A later
-- look that found nothing new does not undo what was done; an appeal does.
convicted as (
    select
        l.entity_type,
        l.entity_id,
        max_by(l.typology, l.known_at) as typology
    from staging.labels as l
    left join acquitted as a
        on
            l.entity_type = a.entity_type
            and l.entity_id = a.entity_id
            and l.known_at <= a.known_at
    where l.label = 'bad' and l.withdrawn_at is null and a.entity_id is null
    group by l.entity_type, l.entity_id
),

strongest as (
    select
        entity_type,
        entity_id,
        typology,
        strength
    from scores.typologies
    where is_primary
),

subjects as (
    select
        coalesce(p.entity_type, c.entity_type, s.entity_type) as entity_type,
        coalesce(p.entity_id, c.entity_id, s.entity_id) as entity_id,
        coalesce(c.typology, p.typology, s.typology) as typology,
        greatest(
            coalesce(p.probability, 0.0),
            case
                when c.entity_id is null then 0.0
                else $convicted_suspicion
            end,
            $hinted_suspicion * coalesce(s.strength, 0.0)
        ) as suspicion
    from alerts.probabilities as p
    full outer join convicted as c
        on p.entity_type = c.entity_type and p.entity_id = c.entity_id
    full outer join strongest as s
        on
            coalesce(p.entity_type, c.entity_type) = s.entity_type
            and coalesce(p.entity_id, c.entity_id) = s.entity_id
),

crowds as (
    select
        node,
        entity_type,
        entity_id
    from rings.crowds
    union
    select
        node,
        'buyer' as entity_type,
        substr(node, 7) as entity_id
    from rings.scripts
),

final as (
    select
        coalesce(s.entity_type, c.entity_type) as entity_type,
        coalesce(s.entity_id, c.entity_id) as entity_id,
        coalesce(s.entity_type, c.entity_type)
        || ':'
        || coalesce(s.entity_id, c.entity_id) as node,
        case when s.suspicion >= $suspect_from then s.typology end as typology,
        greatest(
            coalesce(s.suspicion, 0.0),
            case when c.node is null then 0.0 else $suspect_from end
        ) as suspicion,
        c.node is not null as is_crowd
    from subjects as s
    full outer join crowds as c
        on s.entity_type = c.entity_type and s.entity_id = c.entity_id
    where s.suspicion >= $suspect_from or c.node is not null
)

select * from final
