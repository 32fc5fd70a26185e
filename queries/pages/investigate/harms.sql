-- What one subject does beyond taking money: what is counted, at which price and why.
--
-- grain:   kind, event
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: kind           varchar  what is harmed: rank, reviews, traffic, buyers or leak
--          event          varchar  what is counted
--          events         double   of 30 days, each shared by the suspects it has
--          price_usd      double   USD an event
--          low_usd        double   least that could be said
--          high_usd       double   most
--          harm_usd       double   USD that an action now prevents or undoes
--          harm_low_usd   double
--          harm_high_usd  double
--          source         varchar  where price and range come from
select
    h.kind,
    h.event,
    cast(h.events as double) as events,
    cast(h.price_usd as double) as price_usd,
    cast(h.low_usd as double) as low_usd,
    cast(h.high_usd as double) as high_usd,
    cast(h.harm_usd as double) as harm_usd,
    cast(h.harm_low_usd as double) as harm_low_usd,
    cast(h.harm_high_usd as double) as harm_high_usd,
    p.source
from alerts.harms as h
inner join alerts.candidates as a
    on h.entity_type = a.entity_type and h.entity_id = a.entity_id
inner join scores.pack_harms as p
    on
        a.entity_type = p.entity_type
        and a.typology = p.typology
        and h.kind = p.kind
        and h.event = p.event
where h.entity_type = $entity_type and h.entity_id = $entity_id
order by harm_usd desc nulls last, h.event asc nulls last
