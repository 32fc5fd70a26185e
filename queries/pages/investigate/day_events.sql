-- The rows behind a daily number of some subjects: what counts in it first, then the newest.
--
-- grain:   entity_key, event_id
-- params:  keys   varchar[]  list of type:id
--          event  varchar    order, refund, parcel or review
--          flag   varchar    a flag of metrics.order_events that makes it count,
--                            'five_stars', or '' = every one counts
--          since  date       local days
--          until  date
--          limit  bigint     of each subject
-- returns: entity_key     varchar  type:id
--          event_id       varchar
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
        k.entity_key,
        e.event_id,
        e.order_id,
        e.day,
        e.amount_usd,
        e.voucher_usd,
        e.rating,
        e.buyer_id,
        e.merchant_id,
        e.product_id,
        coalesce(
            case $flag
                when '' then true
                when 'is_refunded' then e.is_refunded = 1
                when 'is_voucher' then e.is_voucher = 1
                when 'is_crowded_device' then e.is_crowded_device = 1
                when 'is_room_order' then e.is_room_order = 1
                when 'is_late_dispatch' then e.is_late_dispatch = 1
                when 'is_light' then e.is_light = 1
                when 'five_stars' then e.rating = 5
            end,
            false
        ) as counts
    from metrics.order_events as e
    inner join subjects_of($keys) as k
        on
            case k.entity_type
                when 'merchant' then e.merchant_id
                when 'creator' then e.creator_id
                when 'product' then e.product_id
                when 'buyer' then e.buyer_id
            end = k.entity_id
    where
        e.event = $event
        and e.day between cast($since as date) and cast($until as date)
),

ranked as (
    select
        *,
        count(*) over of_subject as total_count,
        count(*) filter (where counts) over of_subject as counted,
        row_number() over (
            partition by entity_key
            order by counts desc, day desc, event_id asc
        ) as place
    from events
    window of_subject as (partition by entity_key)
)

select
    entity_key,
    event_id,
    order_id,
    day,
    counts,
    cast(amount_usd as double) as amount_usd,
    cast(voucher_usd as double) as voucher_usd,
    cast(rating as bigint) as rating,
    buyer_id,
    merchant_id,
    product_id,
    total_count,
    counted
from ranked
where place <= $limit
order by entity_key asc nulls last, place asc nulls last
