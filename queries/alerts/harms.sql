-- What each suspect does beyond taking money, priced as its pack says, worst case too.
--
-- An event that several suspects touched is shared by them evenly: a fake order harms
-- once. What an action undoes (bought rank, bought reviews) counts as it stands after
-- 30 days; in any case the same goes on at that pace until the pack's horizon.
--
-- grain:   entity_type, entity_id, kind, event
-- params:  price_level  double  what a USD of a pack's price is in the money of the build
-- returns: entity_type     varchar
--          entity_id       varchar
--          kind            varchar  what is harmed, a word of queries.vocabulary
--          event           varchar  what is counted, see alerts.harm_events
--          is_activity     boolean  the scheme is over where there is none
--          events          double   of 30 days, each shared by the suspects it has
--          price_usd       double   USD an event, the pack's best guess
--          low_usd         double   least that could be said
--          high_usd        double   most
--          harm_usd        double   USD of harm that an action now prevents or undoes
--          harm_low_usd    double
--          harm_high_usd   double
--          alone_harm_usd  double   USD, had nobody else a part in it
with terms as (
    select
        s.entity_type,
        s.entity_id,
        h.kind,
        h.event,
        h.price_usd * $price_level as price_usd,
        h.low_usd * $price_level as low_usd,
        h.high_usd * $price_level as high_usd,
        h.is_activity,
        p.horizon_days / loss_days() + if(h.is_undone, 1.0, 0.0) as spans
    from alerts.candidates as s
    inner join scores.pack_harms as h
        on s.entity_type = h.entity_type and s.typology = h.typology
    inner join scores.packs as p
        on s.entity_type = p.entity_type and s.typology = p.typology
    where s.lane <> 'unproven'
),

claims as (
    select
        t.*,
        p.amount,
        count(*) over (partition by p.flow, p.event_id) as suspects
    from alerts.event_parties as p
    inner join terms as t
        on
            p.flow = t.event
            and p.entity_type = t.entity_type
            and p.entity_id = t.entity_id
),

totals as (
    select
        entity_type,
        entity_id,
        kind,
        event,
        price_usd,
        low_usd,
        high_usd,
        is_activity,
        spans,
        cast(
            sum(cast(amount / suspects as decimal(18, 6))) as double
        ) as events,
        cast(sum(amount) as double) as alone_events
    from claims
    group by all
),

final as (
    select
        entity_type,
        entity_id,
        kind,
        event,
        is_activity,
        events,
        price_usd,
        low_usd,
        high_usd,
        events * spans * price_usd as harm_usd,
        events * spans * low_usd as harm_low_usd,
        events * spans * high_usd as harm_high_usd,
        alone_events * spans * price_usd as alone_harm_usd
    from totals
)

select * from final
