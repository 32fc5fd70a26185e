-- One page of texts that concern one entity and hold words of a lexicon, newest first.
--
-- The lists have one entry for each place of such words, in the order of the text.
--
-- grain:   source, row_id
-- params:  entity_type   varchar
--          entity_id     varchar
--          limit         bigint
--          offset        bigint
-- returns: source        varchar    as in content.passages
--          row_id        varchar    of the delivered row
--          written_at    timestamp  UTC
--          body          varchar    as typed: hostile until escaped
--          starts        bigint[]   first sign of the words in body, from 0
--          ends          bigint[]   sign after the last
--          typologies    varchar[]  pack whose lexicon it is
--          clauses       varchar[]  clause of the policy, in words
--          mentions      varchar[]  why they are only cited; null = said
--          cues          varchar[]  words that show it
--          other_type    varchar    entity type of whom the text leads to: who
--                                   wrote it; of the writer's own what it is
--                                   about
--          other_id      varchar    null = nobody of ours
--          other_name    varchar    as typed: hostile until escaped
--          other_market  varchar
--          said_count    bigint     texts of the entity in which any are said
--          cited_count   bigint     those in which all are only cited
with texts as (
    select
        source,
        row_id,
        written_at,
        body,
        any_value(buyer_id) as buyer_id,
        any_value(product_id) as product_id,
        any_value(live_session_id) as live_session_id,
        any_value(creator_id) as creator_id,
        list(span_start order by span_start, lexicon) as starts,
        list(span_end order by span_start, lexicon) as ends,
        list(typology order by span_start, lexicon) as typologies,
        list(clause order by span_start, lexicon) as clauses,
        list(mention order by span_start, lexicon) as mentions,
        list(cue order by span_start, lexicon) as cues,
        bool_or(mention is null) as is_said
    from content.passages
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'product' then product_id
            when 'creator' then creator_id
            when 'live_session' then live_session_id
            when 'buyer' then buyer_id
        end = $entity_id
    group by source, row_id, written_at, body
),

linked as (
    select
        *,
        case
            when $entity_type <> 'buyer' and buyer_id is not null then 'buyer'
            when $entity_type <> 'product' and product_id is not null
                then 'product'
            when $entity_type <> 'live_session' and live_session_id is not null
                then 'live_session'
            when $entity_type <> 'creator' and creator_id is not null
                then 'creator'
        end as other_type,
        count(*) filter (where is_said) over () as said_count,
        count(*) filter (where not is_said) over () as cited_count
    from texts
),

page as (
    select
        *,
        case other_type
            when 'buyer' then buyer_id
            when 'product' then product_id
            when 'live_session' then live_session_id
            when 'creator' then creator_id
        end as other_id
    from linked
    order by
        written_at desc nulls last,
        source asc nulls last,
        row_id asc nulls last
    limit $limit offset $offset
)

select
    p.source,
    p.row_id,
    p.written_at,
    p.body,
    p.starts,
    p.ends,
    p.typologies,
    p.clauses,
    p.mentions,
    p.cues,
    p.other_type,
    p.other_id,
    e.name as other_name,
    e.market as other_market,
    p.said_count,
    p.cited_count
from page as p
left join graph.entities as e
    on p.other_type = e.entity_type and p.other_id = e.entity_id
order by
    p.written_at desc nulls last,
    p.source asc nulls last,
    p.row_id asc nulls last
