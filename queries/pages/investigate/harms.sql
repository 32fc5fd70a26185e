-- What some subjects do beyond taking money: what is counted, at which price and why.
--
-- grain:   entity_key, kind, event
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key     varchar  type:id
--          kind           varchar  what is harmed: rank, reviews, traffic, buyers or leak
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
    k.entity_key,
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
from subjects_of($keys) as k
inner join alerts.harms as h
    on k.entity_type = h.entity_type and k.entity_id = h.entity_id
inner join alerts.candidates as a
    on h.entity_type = a.entity_type and h.entity_id = a.entity_id
inner join scores.pack_harms as p
    on
        a.entity_type = p.entity_type
        and a.typology = p.typology
        and h.kind = p.kind
        and h.event = p.event
order by
    k.entity_key asc nulls last,
    harm_usd desc nulls last,
    h.event asc nulls last
