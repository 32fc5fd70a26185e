-- The two facts that raise each suspect's score most, with what its peers show.
--
-- That signals fire comes last: the facts they ask for say more to whoever reads a
-- queue.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type     varchar
--          entity_id       varchar
--          reason_1        varchar  feature that raises it most
--          reason_1_value  double
--          reason_1_peer   double   median of its peers
--          reason_2        varchar
--          reason_2_value  double
--          reason_2_peer   double
with contribution_ranks as (
    select
        c.entity_type,
        c.entity_id,
        c.feature,
        c.value,
        p.peer_median,
        row_number() over (
            partition by c.entity_type, c.entity_id
            order by
                case
                    when
                        c.feature in ('firing_signals', 'signal_strength')
                        then 1
                    else 0
                end asc,
                c.contribution desc nulls last,
                c.feature asc
        ) as place
    from explanations.contributions as c
    inner join alerts.candidates as s
        on
            c.entity_type = s.entity_type
            and c.entity_id = s.entity_id
            and c.as_of = s.as_of
    left join explanations.peer_groups as g
        on
            c.entity_type = g.entity_type
            and c.entity_id = g.entity_id
            and c.as_of = g.as_of
    left join explanations.peers as p
        on
            c.entity_type = p.entity_type
            and c.as_of = p.as_of
            and g.peer_group = p.peer_group
            and c.feature = p.feature
    where c.contribution > 0.0 and c.value is not null
)

select
    entity_type,
    entity_id,
    max(feature) filter (where place = 1) as reason_1,
    max(value) filter (where place = 1) as reason_1_value,
    max(peer_median) filter (where place = 1) as reason_1_peer,
    max(feature) filter (where place = 2) as reason_2,
    max(value) filter (where place = 2) as reason_2_value,
    max(peer_median) filter (where place = 2) as reason_2_peer
from contribution_ranks
where place <= 2
group by entity_type, entity_id
