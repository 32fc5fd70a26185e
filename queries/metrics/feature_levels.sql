-- Where the peers of a subject stand in the numbers that playbooks ask for, at the last snapshot.
--
-- grain:   entity_type, peer_group, feature
-- params:  none
-- returns: entity_type  varchar
--          peer_group   varchar  null = all of the type
--          feature      varchar  a column of features.<entity_type>
--          entities     bigint   with a value
--          p10          double
--          p50          double
--          p90          double
with levels as (
    select
        f.entity_type,
        e.peer_group,
        f.feature,
        spread(f.figure) as spread
    from metrics.subject_figures as f
    inner join graph.entities as e
        on f.entity_type = e.entity_type and f.entity_id = e.entity_id
    group by grouping sets (
        (f.entity_type, e.peer_group, f.feature), (f.entity_type, f.feature)
    )
),

final as (
    select
        entity_type,
        peer_group,
        feature,
        spread.entities,
        spread.quantiles[1] as p10,
        spread.quantiles[3] as p50,
        spread.quantiles[5] as p90
    from levels
)

select * from final
