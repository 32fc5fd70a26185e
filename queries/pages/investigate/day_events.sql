-- The rows behind a daily number of one subject: what counts in it first, then the newest.
--
-- grain:   event_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          event        varchar  order, refund, parcel or review
--          flag         varchar  a flag of metrics.order_events that makes it count,
--                                'five_stars', or '' = every one counts
--          since        date     local days
--          until        date
--          limit        bigint
-- returns: event_id       varchar
--          order_id       varchar
--          day            date
--          counts         boolean  whether it is in the number
--          amount_usd     double   paid, or asked back
--          voucher_usd    double
--          rating         bigint
--          buyer_id       varchar
--          merchant_id    varchar
--          product_id     varchar
--          total_count    bigint   of the days, before limit
--          counted        bigint   of them in the number
with events as (
    select
        e.event_id,
        e.order_id,
        e.day,
        e.amount_usd,
        e.voucher_usd,
        e.rating,
        e.buyer_id,
        e.merchant_id,
        e.product_id,
        case $flag
            when '' then true
            when 'is_refunded' then e.is_refunded = 1
            when 'is_voucher' then e.is_voucher = 1
            when 'is_crowded_device' then e.is_crowded_device = 1
            when 'is_late_dispatch' then e.is_late_dispatch = 1
            when 'is_light' then e.is_light = 1
            when 'five_stars' then e.rating = 5
        end as counts
    from metrics.order_events as e
    where
        e.event = $event
        and e.day between cast($since as date) and cast($until as date)
        and case $entity_type
            when 'merchant' then e.merchant_id
            when 'creator' then e.creator_id
            when 'product' then e.product_id
            when 'buyer' then e.buyer_id
        end = $entity_id
)

select
    e.event_id,
    e.order_id,
    e.day,
    coalesce(e.counts, false) as counts,
    cast(e.amount_usd as double) as amount_usd,
    cast(e.voucher_usd as double) as voucher_usd,
    cast(e.rating as bigint) as rating,
    e.buyer_id,
    e.merchant_id,
    e.product_id,
    count(*) over () as total_count,
    count(*) filter (where e.counts) over () as counted
from events as e
order by
    counts desc nulls last,
    e.day desc nulls last,
    e.event_id asc nulls last
limit $limit
