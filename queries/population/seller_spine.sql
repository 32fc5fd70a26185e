-- At which snapshots each shop, creator and listing is observed, by number.
--
-- Day tables meet their snapshots here: whole numbers compare faster than ids, rows
-- that lie together are summed in the cache, and a table of its own has a size that
-- the planner of joins need not guess.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id  bigint   of population.observations
--          entity_key      bigint   of facts.entity_keys
--          entity_type     varchar  merchant, creator, product
--          entity_id       varchar
--          as_of           date     only days before it count
with final as (
    select
        d.observation_id,
        n.entity_key,
        d.entity_type,
        d.entity_id,
        d.as_of
    from population.observations as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
    where d.entity_type <> 'buyer'
)

select * from final
order by observation_id asc nulls last
