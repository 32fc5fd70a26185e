-- What cases share, made known to the connection that runs them.

-- Minutes that a further member of a case takes, when the evidence it shares has been
-- read: docs/decisions/0104-a-ring-is-one-case.md.
create or replace temp macro member_minutes() as cast(3.0 as double);

-- Analyst minutes of a case, from its members' longest review and how many they are.
create or replace temp macro case_minutes(longest, members) as
longest + member_minutes() * (members - 1);

-- Places of the queue, of each of which one is not given by priority.
create or replace temp macro reserve_every() as 20;

-- The name of a filter that a value does not fit, null where it does.
create or replace temp macro missed_filter(filter_name, choices, value) as
if(is_chosen(cast(choices as varchar[]), value), null, filter_name);

-- The later of two verdicts, bad or good, null = none: one as in '2026-09-29 bad' or
-- '', the other as its day and label.
create or replace temp macro last_verdict(dated, judged_on, label) as
nullif(
    split_part(
        greatest(
            coalesce(dated, ''),
            coalesce(cast(judged_on as varchar) || ' ' || label, '')
        ),
        ' ', 2
    ),
    ''
);
