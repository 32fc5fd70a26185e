-- What each suspect took in the 30 days before the build, by who bears it.
--
-- An event's loss is shared by all suspects who touched it: a brushing shop, its listing and
-- its hired buyers meet in one order, and the order is lost once. So the parts of any ring
-- sum to no more than the ring's money.
--
-- grain:   entity_type, entity_id, bearer
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          bearer       varchar
--          split_usd    decimal(38,6)  USD, each event counted once among all suspects
--          alone_usd    decimal(38,6)  USD, had nobody else a part in it
with terms as (
    select
        s.entity_type,
        s.entity_id,
        t.flow,
        t.share,
        t.bearer
    from alerts.candidates as s
    inner join alerts.loss_terms as t
        on s.entity_type = t.entity_type and s.typology = t.typology
    where s.lane <> 'unproven'
),

-- Once per flow: two who bear its loss are no two suspects.
suspect_flows as (
    select distinct
        entity_type,
        entity_id,
        flow
    from terms
),

claims as (
    select
        k.*,
        m.event_id,
        m.amount as amount_usd
    from alerts.event_parties as m
    inner join suspect_flows as k
        on
            m.entity_type = k.entity_type
            and m.entity_id = k.entity_id
            and m.flow = k.flow
),

shared_claims as (
    select
        *,
        count(*) over (partition by flow, event_id) as suspects
    from claims
),

by_flow as (
    select
        entity_type,
        entity_id,
        flow,
        cast(sum(cast(amount_usd / suspects as decimal(18, 6))) as double)
            as split_usd,
        cast(sum(amount_usd) as double) as alone_usd
    from shared_claims
    group by entity_type, entity_id, flow
),

final as (
    select
        t.entity_type,
        t.entity_id,
        t.bearer,
        sum(cast(f.split_usd * t.share as decimal(18, 6))) as split_usd,
        sum(cast(f.alone_usd * t.share as decimal(18, 6))) as alone_usd
    from by_flow as f
    inner join terms as t
        on
            f.entity_type = t.entity_type
            and f.entity_id = t.entity_id
            and f.flow = t.flow
    group by t.entity_type, t.entity_id, t.bearer
)

select * from final
