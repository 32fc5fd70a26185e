-- Everybody of one case, whoever waits first: what each is worth, and what was said before.
--
-- grain:   node_key
-- params:  case_id      varchar    id of a ring or of a case made by hand, or type:id
--          keys         varchar[]  list of type:id instead of a case, empty = the case
--          moved_keys   varchar[]  list of type:id that an analyst moved ...
--          moved_cases  varchar[]  ... and the case of each, in the same order
-- returns: node_key          varchar  type:id
--          entity_type       varchar
--          entity_id         varchar
--          name              varchar  as typed: hostile until escaped
--          market            varchar
--          ring_id           varchar  of the build; null = none
--          role              varchar  its part in that ring
--          joined_by         varchar  tie, trade, further_account or owner
--          partner_count     bigint   members of that ring it is tied to
--          weight            double   strength of those ties
--          joined_at         timestamp  first tie, trade or owner inside that ring
--          thing_count       bigint   things that hold it there
--          top_relation      varchar  of the thing it would lose most without
--          is_held_without   boolean  no single thing puts it out of the ring
--          score             double   probability, null = none
--          score_band        varchar
--          alert_id          varchar  null = it does not wait
--          lane              varchar
--          typology          varchar  of its alert, else of its part in the ring
--          opened_on         date
--          exposure_usd      double   USD still to be lost, its share of the events
--          held_usd          double
--          horizon_days      double   days until the money leaves
--          loss_forward_usd  double
--          loss_bearer       varchar
--          harm_usd          double
--          value_usd         double
--          review_minutes    double   were it reviewed alone
--          member_minutes    double   as a further member of a case
--          is_ended          boolean
--          label             varchar  bad | good | null = nobody has decided
--          judged_on         date
--          queue_place       bigint
--          is_moved          boolean  an analyst put it here
with moved as (
    select
        unnest(cast($moved_keys as varchar[])) as node_key,
        unnest(cast($moved_cases as varchar[])) as case_id
),

asked as (
    select unnest(cast($keys as varchar[])) as node_key
),

everybody as (
    select
        m.entity_type || ':' || m.entity_id as node_key,
        m.entity_type,
        m.entity_id,
        m.ring_id,
        m.role,
        coalesce(o.case_id, m.case_id) as case_id,
        o.case_id is not null as is_moved
    from cases.members as m
    left join moved as o on m.entity_type || ':' || m.entity_id = o.node_key
    union all
    -- Whoever neither waits nor is in a ring can be put into a case all the same.
    select
        o.node_key,
        split_part(o.node_key, ':', 1) as entity_type,
        substr(o.node_key, strpos(o.node_key, ':') + 1) as entity_id,
        null as ring_id,
        null as role,
        o.case_id,
        true as is_moved
    from moved as o
    left join cases.members as m
        on o.node_key = m.entity_type || ':' || m.entity_id
    where m.entity_id is null
),

chosen as (
    select e.*
    from everybody as e
    left join asked as a on e.node_key = a.node_key
    where
        if(
            len(cast($keys as varchar[])) > 0,
            a.node_key is not null,
            e.case_id = $case_id
        )
),

verdicts as (
    select
        v.entity_type,
        v.entity_id,
        v.label,
        v.known_day as judged_on
    from facts.verdicts as v
    cross join meta.build as b
    where in_force(v.known_day, v.replaced_day, b.as_of)
)

select
    c.node_key,
    c.entity_type,
    c.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    c.ring_id,
    c.role,
    r.joined_by,
    coalesce(r.partner_count, 0) as partner_count,
    coalesce(r.tie_weight, 0.0) as weight,
    f.joined_at,
    f.thing_count,
    f.top_relation,
    f.is_held_without,
    p.probability as score,
    p.score_band,
    a.alert_id,
    a.lane,
    coalesce(a.typology, r.typology) as typology,
    a.opened_on,
    a.exposure_usd,
    a.held_usd,
    a.horizon_days,
    a.loss_forward_usd,
    a.loss_bearer,
    a.harm_usd,
    a.value_usd,
    a.review_minutes,
    member_minutes() as member_minutes,
    coalesce(a.is_ended, false) as is_ended,
    v.label,
    v.judged_on,
    a.queue_place,
    c.is_moved
from chosen as c
left join graph.entities as e
    on c.entity_type = e.entity_type and c.entity_id = e.entity_id
left join rings.members as r
    on c.entity_type = r.entity_type and c.entity_id = r.entity_id
left join alerts.probabilities as p
    on c.entity_type = p.entity_type and c.entity_id = p.entity_id
left join alerts.alerts as a
    on c.entity_type = a.entity_type and c.entity_id = a.entity_id
left join verdicts as v
    on c.entity_type = v.entity_type and c.entity_id = v.entity_id
left join rings.formation as f
    on c.entity_type = f.entity_type and c.entity_id = f.entity_id
order by
    a.queue_place asc nulls last,
    p.probability desc nulls last,
    c.node_key asc
