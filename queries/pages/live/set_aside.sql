-- The latest batches of which something is set aside, and why.
--
-- grain:   batch_hash
-- params:  limit       bigint
-- returns: batch_hash  varchar
--          taken_at    timestamp
--          problem     varchar    sentence with the file's name
select
    batch_hash,
    taken_at,
    problem
from live.batches
where problem <> ''
order by
    taken_at desc nulls last,
    batch_hash asc
limit $limit
