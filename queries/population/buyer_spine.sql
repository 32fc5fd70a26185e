-- At which snapshots each buyer is described, by number.
--
-- For buyers what population.seller_spine is for everybody else.
--
-- grain:   described_id
-- params:  none
-- returns: described_id  bigint   of population.observations
--          number        bigint   of facts.entity_keys
--          buyer_id      varchar
--          as_of         date     only days before it count
with described as (
    select
        d.described_id,
        n.number,
        d.entity_id as buyer_id,
        d.as_of
    from population.observations as d
    inner join facts.entity_keys as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
    where d.entity_type = 'buyer'
)

select * from described
order by described_id asc nulls last
