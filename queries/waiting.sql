-- Whoever waits in a list of cases, or is `kept`, with its case and the filters that it missed.
create or replace temp macro waiting_members(
    kinds, markets, typologies, bands, lanes, states, assignees, search,
    decided, status, kept, worked_keys, worked_states, worked_assignees,
    worked_verdicts, moved_keys, moved_cases
) as table (
    with moved as (
        select
            unnest(cast(moved_keys as varchar[])) as entity_key,
            unnest(cast(moved_cases as varchar[])) as moved_to
    ),

    worked as (
        select
            unnest(cast(worked_keys as varchar[])) as entity_key,
            unnest(cast(worked_states as varchar[])) as state,
            unnest(cast(worked_assignees as varchar[])) as assignee,
            unnest(cast(worked_verdicts as varchar[])) as said
    ),

    waiting as (
        select
            a.* exclude (judged_label),
            last_verdict(w.said, a.judged_on, a.judged_label) as judged_label,
            a.entity_type || ':' || a.entity_id as entity_key,
            coalesce(o.moved_to, m.case_id) as case_id,
            nullif(w.assignee, '') as assignee,
            coalesce(w.state, if(a.reopened_by is null, 'NEW', 'REOPENED'))
                as state
        from cases.members as m
        inner join alerts.alerts as a
            on m.entity_type = a.entity_type and m.entity_id = a.entity_id
        left join moved as o
            on a.entity_type || ':' || a.entity_id = o.entity_key
        left join worked as w
            on a.entity_type || ':' || a.entity_id = w.entity_key
    )

    select
        *,
        list_filter([
            if(
                list_contains(cast(kinds as varchar[]), 'ring')
                and case_id <> entity_key,
                null, missed_filter('kind', kinds, entity_type)
            ),
            missed_filter('market', markets, market),
            missed_filter('typology', typologies, typology),
            missed_filter('band', bands, score_band),
            missed_filter('lane', lanes, lane),
            missed_filter('state', states, state),
            missed_filter('assignee', assignees, assignee),
            if(is_match(lower(search), name, entity_id), null, 'search')
        ], lambda one: one is not null) as missed
    from waiting
    where
        entity_key = kept
        or is_in_state(status, cast(decided as varchar[]), entity_key)
);
