-- At which snapshots each buyer is observed, by number.
--
-- For buyers what population.seller_spine is for everybody else.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id  bigint   of population.observations
--          entity_key      bigint   of facts.entity_keys
--          buyer_id        varchar
--          as_of           date     only days before it count
with final as (
    select
        d.observation_id,
        n.entity_key,
        d.entity_id as buyer_id,
        d.as_of
    from population.observations as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
    where d.entity_type = 'buyer'
)

select * from final
order by observation_id asc nulls last
