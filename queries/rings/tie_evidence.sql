-- What ties each member to others of its ring, thing by thing, and what is left without it.
--
-- Ties of a pair count up to a limit (pair_weight), so a second device in common hardly
-- adds and hardly loses. A member stays where its ties to its cell are, in the mean, above
-- the resolution of the clusters: the same test by which it was put there.
--
-- grain:   ring_id, node, relation, thing_id
-- params:  pair_weight  double  what the ties of a pair add up to at most
--          resolution   double  mean tie between members that a cell exceeds
-- returns: ring_id          varchar
--          node             varchar    type:id
--          relation         varchar    as in rings.ties
--          thing_id         varchar
--          partner_count    bigint     members that it ties this one to
--          evidence_count   bigint     rows behind it, its own and those of the partners
--          weight           double     sum of its ties
--          loss_share       double     0..1: part of what ties the member, gone without it
--          is_tied_without  boolean    the other ties would still put it there
--          first_seen_at    timestamp  when the first two had it
--          last_seen_at     timestamp
with members as (
    select
        m.ring_id,
        r.node,
        case when c.chain = r.cluster then a.cell end as cell
    from rings.members as m
    inner join rings.roster as r
        on m.entity_type = r.entity_type and m.entity_id = r.entity_id
    left join rings.actors as a on r.node = a.node
    left join rings.chains as c on a.cluster = c.cluster
),

cells as (
    select
        cell,
        count(*) as cell_size
    from rings.actors
    group by cell
),

holdings as (
    select
        node,
        relation,
        thing_id,
        evidence_count
    from rings.things
    union all
    select
        node,
        relation,
        thing_id,
        evidence_count
    from rings.targets
),

inside as (
    select
        t.* exclude (evidence_count),
        a.ring_id,
        coalesce(a.cell = b.cell, false) as is_one_cell,
        sum(t.weight) over (partition by t.src, t.dst) as pair_sum
    from rings.ties as t
    inner join members as a on t.src = a.node
    inner join members as b on t.dst = b.node and a.ring_id = b.ring_id
),

losses as (
    select
        *,
        least(pair_sum, $pair_weight) as pair_total,
        least(pair_sum, $pair_weight)
        - least(greatest(pair_sum - weight, 0.0), $pair_weight) as loss
    from inside
),

ends as (
    select
        * exclude (src, dst, pair_sum),
        src as node,
        dst as partner
    from losses
    union all by name
    select
        * exclude (src, dst, pair_sum),
        dst as node,
        src as partner
    from losses
),

totals as (
    select
        node,
        sum(pair_total) as total,
        sum(if(is_one_cell, pair_total, 0.0)) as cell_total
    from (
        select distinct
            node,
            partner,
            pair_total,
            is_one_cell
        from ends
    ) as partners
    group by node
),

rows_behind as (
    select
        e.node,
        e.relation,
        e.thing_id,
        any_value(o.evidence_count) + sum(p.evidence_count) as evidence_count
    from ends as e
    inner join holdings as o
        on
            e.node = o.node
            and e.relation = o.relation
            and e.thing_id = o.thing_id
    inner join holdings as p
        on
            e.partner = p.node
            and e.relation = p.relation
            and e.thing_id = p.thing_id
    group by e.node, e.relation, e.thing_id
),

things as (
    select
        ring_id,
        node,
        relation,
        thing_id,
        count(*) as partner_count,
        sum(weight) as weight,
        sum(loss) as loss,
        sum(if(is_one_cell, loss, 0.0)) as cell_loss,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from ends
    group by ring_id, node, relation, thing_id
),

final as (
    select
        h.ring_id,
        h.node,
        h.relation,
        h.thing_id,
        h.partner_count,
        cast(r.evidence_count as bigint) as evidence_count,
        round(h.weight, 9) as weight,
        round(least(h.loss / t.total, 1.0), 9) as loss_share,
        coalesce(
            t.cell_total - h.cell_loss
            > $resolution * (c.cell_size - 1.0) + 1e-9,
            false
        ) as is_tied_without,
        h.first_seen_at,
        h.last_seen_at
    from things as h
    inner join rows_behind as r
        on
            h.node = r.node
            and h.relation = r.relation
            and h.thing_id = r.thing_id
    inner join totals as t on h.node = t.node
    inner join members as m on h.node = m.node
    left join cells as c on m.cell = c.cell
)

select * from final
