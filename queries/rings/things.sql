-- What several suspects have in common and hardly share by chance.
--
-- Listings and live rooms are things of their shop and their host, who join with them
-- later (rings.roster): only those who act tie each other.
--
-- grain:   relation, thing_id, node
-- params:  script_accounts  bigint  suspects who claim in the same words, at least
-- returns: relation        varchar    device, ip, address, payment_token, bank_account,
--                                     signed_in_device, lockstep, review_text, claim_text
--          thing_id        varchar    identifier; pair of accounts; first review or refund
--                                     in the words
--          node            varchar    type:id of a suspect
--          first_seen_at   timestamp
--          last_seen_at    timestamp
--          evidence_count  bigint     rows behind it
--          suspect_count   bigint     suspects who have it, 2 or more
with identifiers as (
    select
        l.relation,
        l.identifier_id as thing_id,
        l.entity_type || ':' || l.entity_id as node,
        l.first_seen_at,
        l.last_seen_at,
        l.evidence_count
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where i.degree > 1 and not i.is_hub
),

signed_in as (
    select
        'signed_in_device' as relation,
        device_id as thing_id,
        account_type || ':' || account_id as node,
        min(happened_at) as first_seen_at,
        max(happened_at) as last_seen_at,
        count(*) as evidence_count
    from staging.auth_events
    where
        device_id is not null
        and device_id <> ''
        and kind <> 'login_failed'
    group by device_id, account_type, account_id
),

lockstep as (
    select
        'lockstep' as relation,
        least(buyer_id, partner_id) || ' ' || greatest(buyer_id, partner_id)
            as thing_id,
        'buyer:' || buyer_id as node,
        cast(min(reached_day) as timestamp) as first_seen_at,
        cast(max(reached_day) as timestamp) as last_seen_at,
        count(*) as evidence_count
    from graph.lockstep_pairs
    group by buyer_id, partner_id
),

-- Words that mostly suspects claim in; what is wrong with the goods everybody says.
claims as (
    select
        r.claim_text,
        min(r.refund_id) as thing_id
    from facts.refund_facts as r
    left join rings.suspects as s on 'buyer:' || r.buyer_id = s.node
    where length(r.claim_text) >= long_text()
    group by r.claim_text
    having
        count(distinct s.node) >= $script_accounts
        and count(distinct s.node) >= 0.5 * count(distinct r.buyer_id)
),

claimants as (
    select
        'claim_text' as relation,
        c.thing_id,
        'buyer:' || r.buyer_id as node,
        min(r.requested_at) as first_seen_at,
        max(r.requested_at) as last_seen_at,
        count(*) as evidence_count
    from facts.refund_facts as r
    inner join claims as c on r.claim_text = c.claim_text
    where r.buyer_id is not null
    group by c.thing_id, r.buyer_id
),

everything as (
    select * from identifiers
    union all
    select * from signed_in
    union all
    select * from lockstep
    union all
    select
        'review_text' as relation,
        thing_id,
        node,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from rings.scripts
    group by thing_id, node
    union all
    select * from claimants
),

final as (
    select
        e.relation,
        e.thing_id,
        e.node,
        e.first_seen_at,
        e.last_seen_at,
        e.evidence_count,
        count(*) over (partition by e.relation, e.thing_id) as suspect_count
    from everything as e
    inner join rings.suspects as s on e.node = s.node
    where s.entity_type not in ('product', 'live_session')
    qualify count(*) over (partition by e.relation, e.thing_id) > 1
)

select * from final
