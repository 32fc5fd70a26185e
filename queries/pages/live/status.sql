-- How far the live lane is: one row, none where it has never run.
--
-- grain:   build_fingerprint
-- params:  none
-- returns: known_at           timestamp  the past that is shown; null = a lane runs
--          newest_event_at    timestamp
--          last_batch_at      timestamp  when the last batch was taken
--          batches_set_aside  bigint     refused as a whole
--          rows_set_aside     bigint     of batches that were taken
--          rows_waiting       bigint     for a row that they refer to
--          build_fingerprint  varchar    of the build it runs beside
select
    known_at,
    newest_event_at,
    last_batch_at,
    batches_set_aside,
    rows_set_aside,
    rows_waiting,
    build_fingerprint
from live.status
