-- Every ring in one row: who, of what kind, how sure, since when, and what is at stake.
--
-- An event's loss is shared by the alerts that touched it (alerts.losses), so the values
-- of a ring's alerts add up to each dollar once.
--
-- grain:   ring_id
-- params:  as_of  date  the day of the build
-- returns: ring_id          varchar
--          typology         varchar    pack code that fits its members best
--          pack_title       varchar    title of that pack; null = none fits
--          typology_count   bigint     different typologies among its members
--          member_count     bigint
--          account_count    bigint     buyer accounts, victims left out
--          shop_count       bigint
--          listing_count    bigint
--          creator_count    bigint
--          room_count       bigint     live rooms
--          victim_count     bigint     accounts or shops taken over or leaked on
--          bad_count        bigint     members with a standing bad verdict
--          good_count       bigint     members with a standing good verdict
--          probability      double     0..1, mean over members who have one
--          market           varchar    of most members
--          first_seen_at    timestamp  first tie between members
--          last_seen_at     timestamp  last tie between members
--          density          double     tied pairs over possible pairs of tied members
--          top_relation     varchar    what ties most pairs
--          tied_pairs       bigint     pairs of members that share something
--          chance_pairs     double     pairs expected by chance, see rings.densities
--          organiser_type   varchar    on whom the others hang; null = nobody stands out
--          organiser_id     varchar
--          organiser_reach  double     0..1: part of the others who hang on it
--          confidence       double     chance that most of it is guilty (rings.confidence)
--          alike_count      bigint     other rings like it that were decided
--          alike_right      bigint     of them those that were right
--          alert_count      bigint     members in the queue
--          value_usd        double     USD its alerts are expected to save, money and harm
--          review_minutes   double     minutes of its alerts, reviewed as one case
--          place            bigint     1 = first to look at
with people as (
    select
        m.ring_id,
        m.entity_type,
        m.role,
        m.typology,
        p.probability,
        e.market,
        s.label,
        a.alert_id,
        a.value_usd,
        a.review_minutes
    from rings.members as m
    left join graph.entities as e
        on m.entity_type = e.entity_type and m.entity_id = e.entity_id
    left join alerts.probabilities as p
        on m.entity_type = p.entity_type and m.entity_id = p.entity_id
    left join facts.verdicts as s
        on
            m.entity_type = s.entity_type
            and m.entity_id = s.entity_id
            and in_force(s.known_day, s.replaced_day, $as_of)
    left join alerts.alerts as a
        on m.entity_type = a.entity_type and m.entity_id = a.entity_id
),

kinds as (
    select
        ring_id,
        max_by(typology, (members, typology)) as typology,
        count(*) as typology_count
    from (
        select
            ring_id,
            typology,
            count(*) as members
        from people
        where typology is not null
        group by ring_id, typology
    ) as counted
    group by ring_id
),

places as (
    select
        ring_id,
        max_by(market, (members, market)) as market
    from (
        select
            ring_id,
            market,
            count(*) as members
        from people
        where market is not null
        group by ring_id, market
    ) as counted
    group by ring_id
),

counts as (
    select
        ring_id,
        count(*) as member_count,
        sum(flag(entity_type = 'buyer' and role <> 'victim')) as account_count,
        sum(flag(entity_type = 'merchant' and role <> 'victim')) as shop_count,
        sum(flag(entity_type = 'product' and role <> 'victim'))
            as listing_count,
        sum(flag(entity_type = 'creator' and role <> 'victim'))
            as creator_count,
        sum(flag(entity_type = 'live_session' and role <> 'victim'))
            as room_count,
        sum(flag(role = 'victim')) as victim_count,
        sum(flag(label = 'bad')) as bad_count,
        sum(flag(label = 'good')) as good_count,
        round(avg(probability), 6) as probability,
        count(alert_id) as alert_count,
        dollars(sum(value_usd)) as value_usd,
        case_minutes(max(review_minutes), count(alert_id)) as review_minutes
    from people
    group by ring_id
),

organisers as (
    select
        m.ring_id,
        m.entity_type,
        m.entity_id,
        g.reach
    from rings.members as m
    inner join rings.organisers as g
        on m.entity_type || ':' || m.entity_id = g.node
    where m.role = 'organiser'
),

titles as (
    select
        typology,
        min(title) as pack_title
    from scores.packs
    group by typology
),

final as (
    select
        c.ring_id,
        k.typology,
        n.pack_title,
        coalesce(k.typology_count, 0) as typology_count,
        c.member_count,
        cast(c.account_count as bigint) as account_count,
        cast(c.shop_count as bigint) as shop_count,
        cast(c.listing_count as bigint) as listing_count,
        cast(c.creator_count as bigint) as creator_count,
        cast(c.room_count as bigint) as room_count,
        cast(c.victim_count as bigint) as victim_count,
        cast(c.bad_count as bigint) as bad_count,
        cast(c.good_count as bigint) as good_count,
        c.probability,
        p.market,
        t.first_seen_at,
        t.last_seen_at,
        t.density,
        t.top_relation,
        coalesce(t.tied_pairs, 0) as tied_pairs,
        coalesce(t.chance_pairs, 0.0) as chance_pairs,
        o.entity_type as organiser_type,
        o.entity_id as organiser_id,
        o.reach as organiser_reach,
        f.confidence,
        f.alike_count,
        f.alike_right,
        c.alert_count,
        c.value_usd,
        c.review_minutes,
        row_number() over (
            order by
                c.value_usd desc nulls last,
                c.probability desc nulls last,
                c.ring_id asc nulls last
        ) as place
    from counts as c
    left join kinds as k on c.ring_id = k.ring_id
    left join titles as n on k.typology = n.typology
    left join places as p on c.ring_id = p.ring_id
    left join rings.densities as t on c.ring_id = t.ring_id
    left join organisers as o on c.ring_id = o.ring_id
    left join rings.confidence as f on c.ring_id = f.ring_id
)

select * from final
