-- What ties two suspects, thing by thing: the evidence of a ring.
--
-- A thing that many suspects have ties each pair less. A common target ties accounts
-- that came within days of each other: rings work a shop in a campaign, not for ever.
-- A pair that an analyst has called unconnected is tied by nothing.
--
-- grain:   src, dst, relation, thing_id
-- params:  most_sharers        bigint  suspects above which a thing is a crowd
--          least_surprise      double  surprise below which a target ties nobody
--          surprise_weight     double  weight of each power of ten beyond it
--          least_target_share  double  least share of suspects among those at a target
--          campaign_days       double  days apart after which a target ties a third as much
-- returns: src             varchar    node, type:id, src < dst
--          dst             varchar    node, type:id
--          relation        varchar    as in rings.things and rings.targets
--          thing_id        varchar
--          weight          double     above 0, up to 1
--          evidence_count  bigint     rows behind it, of both
--          first_seen_at   timestamp  when both had it
--          last_seen_at    timestamp
with weighted_targets as (
    select
        *,
        least(
            1.0,
            greatest(surprise - $least_surprise, 0.0)
            * $surprise_weight
            / (suspect_count - 1)
        ) as weight
    from rings.targets
    where
        suspect_count <= $most_sharers
        and suspect_count >= $least_target_share * visitor_count
),

pairs as (
    select
        a.node as src,
        b.node as dst,
        a.relation,
        a.thing_id,
        case a.relation
            when 'ip' then 0.3
            when 'review_text' then 0.7
            when 'claim_text' then 0.7
            else 1.0
        end
        / sqrt(a.suspect_count - 1.0) as weight,
        a.evidence_count + b.evidence_count as evidence_count,
        greatest(a.first_seen_at, b.first_seen_at) as first_seen_at,
        greatest(a.last_seen_at, b.last_seen_at) as last_seen_at
    from rings.things as a
    inner join rings.things as b
        on
            a.relation = b.relation
            and a.thing_id = b.thing_id
            and a.node < b.node
    where a.suspect_count <= $most_sharers
    union all
    select
        a.node as src,
        b.node as dst,
        a.relation,
        a.thing_id,
        a.weight
        * exp(
            -greatest(
                0.0,
                date_diff('day', a.last_seen_at, b.first_seen_at),
                date_diff('day', b.last_seen_at, a.first_seen_at)
            )
            / $campaign_days
        ) as weight,
        a.evidence_count + b.evidence_count as evidence_count,
        greatest(a.first_seen_at, b.first_seen_at) as first_seen_at,
        greatest(a.last_seen_at, b.last_seen_at) as last_seen_at
    from weighted_targets as a
    inner join weighted_targets as b
        on
            a.relation = b.relation
            and a.thing_id = b.thing_id
            and a.typology = b.typology
            and a.node < b.node
    where a.weight > 0.01
),

final as (
    select p.*
    from pairs as p
    left join rings.rejected_links as r on p.src = r.src and p.dst = r.dst
    where p.weight > 0.001 and r.src is null
)

select * from final
