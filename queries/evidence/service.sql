-- Bank disputes and complaints about the goods of one entity, beside its orders.
--
-- grain:   event, event_id
-- params:  entity_type  varchar  merchant or product
--          entity_id    varchar
--          as_of        date     what was known before this day
--          days         bigint   length of the window
-- returns: event        varchar    dispute, complaint or order
--          event_id     varchar    dispute, complaint or order
--          event_at     timestamp  UTC, when it was known
--          order_id     varchar
--          product_id   varchar
--          buyer_id     varchar
--          detail       varchar    kind, words or channel
with service_events as (
    select
        'dispute' as event,
        d.dispute_id as event_id,
        d.observed_at as event_at,
        d.day,
        d.order_id,
        d.kind as detail
    from staging.disputes as d
    where d.kind in ('not_received', 'not_as_described')
    union all
    select
        'complaint' as event,
        c.complaint_id as event_id,
        c.observed_at as event_at,
        c.day,
        c.order_id,
        c.body as detail
    from staging.complaints as c
    where c.topic = 'quality'
    union all
    select
        'order' as event,
        f.order_id as event_id,
        f.created_at as event_at,
        f.day,
        f.order_id,
        f.channel as detail
    from facts.order_facts as f
),

final as (
    select
        t.event,
        t.event_id,
        t.event_at,
        t.order_id,
        o.product_id,
        o.buyer_id,
        t.detail
    from service_events as t
    inner join staging.orders as o on t.order_id = o.order_id
    where
        party_id(
            $entity_type, o.merchant_id, null, o.product_id, null
        ) = $entity_id
        and not o.is_sample
        and within(t.day, $as_of, $days)
)

select * from final
order by
    case when event = 'order' then 1 else 0 end asc,
    event_at desc nulls last,
    event_id desc nulls last
