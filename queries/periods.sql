-- When something counts: windows of days, ties and verdicts that hold at a snapshot. The
-- door makes those that a query names known to the connection before the query runs.

-- Whole days from a moment to the midnight of a snapshot.
create or replace temp macro age_days(moment, as_of) as
cast(date_diff('day', moment, cast(as_of as timestamp)) as double);

-- The day of a moment (UTC, no zone) on the clocks of a time zone.
create or replace temp macro local_day(moment, time_zone) as
cast(moment at time zone 'UTC' at time zone time_zone as date);

-- Whether somebody was there on a day: from the day of registration, or from the first
-- day on which anything happened where that came before; always where nobody said when.
create or replace temp macro was_there(day, registered_on, first_day) as
registered_on is null
or day >= least(registered_on, coalesce(first_day, registered_on));

-- Whether a day is one of so many days before a snapshot.
create or replace temp macro within(day, as_of, days) as
day < as_of and day >= cast(as_of as date) - cast(days as integer);

-- Whether something shared from one moment, perhaps until another, is so at a
-- snapshot, and whether a verdict of one day, perhaps replaced on another, stands.
create or replace temp macro valid_at(since, until, as_of) as
since < cast(as_of as timestamp)
and (until is null or until >= cast(as_of as timestamp));
create or replace temp macro in_force(since, replaced, as_of) as
since < as_of and coalesce(replaced, date '9999-12-31') >= as_of;

-- Whether a claim comes late: staged bargains do, wrong sizes are regretted at once.
create or replace temp macro is_late_claim(requested_at, delivered_at) as
requested_at >= delivered_at + interval 5 day
and requested_at < delivered_at + interval 15 day;

-- Paid so soon after the order, a script or a wallet pays.
create or replace temp macro fast_payment_seconds() as 60.0;

-- Days at the beginning of the data that drift is measured from.
create or replace temp macro reference_days() as 28;
