-- Who is described when, in numbers alone and in their order.
--
-- A day table meets its snapshots here: whole numbers compare faster than ids, and
-- rows of one snapshot that lie together are summed in the cache.
--
-- grain:   described_id
-- params:  none
-- returns: described_id  bigint  of features.described
--          number        bigint  of features.entity_numbers
--          as_of         date    only days before it count
with described as (
    select
        d.described_id,
        n.number,
        d.as_of
    from features.described as d
    inner join features.entity_numbers as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

select * from described
order by described_id asc nulls last
