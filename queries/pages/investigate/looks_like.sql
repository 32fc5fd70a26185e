-- What looks like one entity: nearest by vectors, and listings with its picture or title.
--
-- Vectors are compared within one model and version only, by the cosine of the
-- angle between them.
--
-- grain:   model, version, alike_id
-- params:  entity_type  varchar    video as well
--          entity_id    varchar
--          limit        bigint     nearest of each model and version
-- returns: model        varchar    null = by picture or title alone
--          version      varchar
--          alike_id     varchar
--          name         varchar    as typed: hostile until escaped
--          market       varchar
--          owner_type   varchar    entity type of the page that shows it
--          owner_id     varchar    of a video its creator, else alike_id
--          cosine       double     -1..1; null = no vector near enough
--          by_picture   boolean    of listings: shows the same picture
--          likeness     double     of the titles, 0.8..1; null = less alike
with own as (
    select
        model,
        version,
        vector
    from staging.entity_embedding
    where entity_type = $entity_type and entity_id = $entity_id
),

highest as (
    select
        e.model,
        e.version,
        max(
            struct_pack(
                cosine := list_cosine_similarity(e.vector, o.vector),
                alike_id := e.entity_id
            ),
            $limit
        ) as alikes
    from staging.entity_embedding as e
    inner join own as o on e.model = o.model and e.version = o.version
    where e.entity_type = $entity_type and e.entity_id <> $entity_id
    group by e.model, e.version
),

nearest as (
    select
        h.model,
        h.version,
        a.alike.alike_id,
        a.alike.cosine
    from highest as h
    cross join unnest(h.alikes) as a (alike)
),

likenesses as (
    select
        twin_id,
        true as is_picture,
        null as likeness
    from facts.image_twins
    where $entity_type = 'product' and product_id = $entity_id
    union all
    select
        twin_id,
        false as is_picture,
        likeness
    from similarity.title_twins
    where $entity_type = 'product' and product_id = $entity_id
),

twins as (
    select
        twin_id,
        bool_or(is_picture) as by_picture,
        max(likeness) as likeness
    from likenesses
    group by twin_id
),

named as (
    select
        entity_type,
        entity_id,
        name,
        market,
        entity_type as owner_type,
        entity_id as owner_id
    from graph.entities
    union all
    select
        'video' as entity_type,
        v.video_id as entity_id,
        v.title as name,
        c.market,
        'creator' as owner_type,
        v.creator_id as owner_id
    from staging.videos as v
    inner join graph.entities as c
        on c.entity_type = 'creator' and v.creator_id = c.entity_id
)

select
    n.model,
    n.version,
    coalesce(n.alike_id, t.twin_id) as alike_id,
    e.name,
    e.market,
    e.owner_type,
    e.owner_id,
    cast(n.cosine as double) as cosine,
    coalesce(t.by_picture, false) as by_picture,
    t.likeness
from nearest as n
full outer join twins as t on n.alike_id = t.twin_id
inner join named as e
    on
        e.entity_type = $entity_type
        and coalesce(n.alike_id, t.twin_id) = e.entity_id
order by
    n.model asc nulls last,
    n.version asc nulls last,
    n.cosine desc nulls last,
    alike_id asc nulls last
