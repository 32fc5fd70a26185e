-- Whom of one kind the lot drew in all, by their first verdicts, and who of them the page's
-- random checks leave out. What a rule said is no verdict.
--
-- grain:   one row
-- params:  entity_type  varchar
-- returns: drawn        bigint  first verdict by a random check
--          called_bad   bigint  of these, by that verdict
--          early        bigint  no weekly score of theirs came before the verdict
--          early_bad    bigint  called bad of these
--          overturned   bigint  the others called bad at first, and good since
--          added        bigint  called good at first, and bad since
with
first_verdicts as (
    select
        entity_id,
        arg_min(label, (known_at, label_id)) = 'bad' as was_bad,
        arg_min(source, (known_at, label_id)) as source
    from staging.labels
    where entity_type = $entity_type and source <> 'rule'
    group by entity_id
),

places as (
    select
        entity_id,
        arg_max(is_bad, as_of) as is_bad
    from scores.judged_places
    where entity_type = $entity_type and is_by_lot
    group by entity_id
)

select
    cast(count(*) as bigint) as drawn,
    cast(count_if(first_verdicts.was_bad) as bigint) as called_bad,
    cast(count_if(places.entity_id is null) as bigint) as early,
    cast(
        count_if(places.entity_id is null and first_verdicts.was_bad) as bigint
    ) as early_bad,
    cast(
        count_if(first_verdicts.was_bad and not places.is_bad) as bigint
    ) as overturned,
    cast(
        count_if(not first_verdicts.was_bad and places.is_bad) as bigint
    ) as added
from first_verdicts
left join places on first_verdicts.entity_id = places.entity_id
where first_verdicts.source = 'exploration'
