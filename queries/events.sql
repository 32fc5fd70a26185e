-- Events of one subject as values, so that kinds of events stand in one list.

-- A moment (UTC, no zone) on the clocks of a time zone.
create or replace temp macro local_time(moment, time_zone) as
moment at time zone 'UTC' at time zone time_zone;

-- A mark of the event strip: of which lane, what it is, when, about what, and its money.
create or replace temp macro mark(
    lane, kind, event_id, moment, about, title, usd
)
as {
    'lane': lane, 'kind': kind, 'event_id': event_id, 'moment': moment,
    'about': about, 'title': title, 'usd': usd
};

-- What was done with an account: which step of being taken over it would be, on which device.
create or replace temp macro act(
    account_id, device_id, moment, event_id, step, usd, rank
)
as {
    'account_id': account_id, 'device_id': device_id, 'moment': moment,
    'event_id': event_id, 'step': step, 'usd': usd, 'rank': rank
};

-- One event of the timeline, by its day.
create or replace temp macro line(kind, moment, title, usd) as {
    'day': cast(moment as date), 'kind': kind, 'title': coalesce(title, ''),
    'usd': usd
};
