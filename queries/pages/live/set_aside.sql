-- What is set aside, the newest first: batches, wholly or in part, and rows that
-- cannot be beside those they refer to.
--
-- grain:   taken_at, problem
-- params:  limit     bigint
-- returns: taken_at  timestamp
--          problem   varchar    sentence with the name of the file, or of the table
with problems as (
    select
        taken_at,
        problem
    from live.batches
    where problem <> ''
    union
    select
        said_at as taken_at,
        problem
    from live.rows_aside
)

select
    taken_at,
    problem
from problems
order by
    taken_at desc nulls last,
    problem asc
limit $limit
