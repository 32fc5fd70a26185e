-- Unauthorised use of one buyer's account, reported by the owner or a bank.
--
-- grain:   source, report_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: source                      varchar    complaint or dispute
--          report_id                   varchar
--          order_id                    varchar    null = about no order
--          event_at                    timestamp  UTC, when it happened
--          observed_at                 timestamp  UTC, when it reached us
--          body                        varchar    what the owner wrote
--          amount_usd                  double     USD disputed
with complaints as (
    select
        'complaint' as source,
        complaint_id as report_id,
        order_id,
        event_at,
        observed_at,
        body,
        cast(null as double) as amount_usd
    from staging.complaints
    where buyer_id = $entity_id and topic = 'unauthorised'
),

disputes as (
    select
        'dispute' as source,
        d.dispute_id as report_id,
        d.order_id,
        d.event_at,
        d.observed_at,
        cast(null as varchar) as body,
        d.amount_usd
    from staging.disputes as d
    inner join staging.orders as o on d.order_id = o.order_id
    where o.buyer_id = $entity_id and d.kind = 'fraud'
),

reports as (
    select * from complaints
    union all
    select * from disputes
),

final as (
    select *
    from reports
    where
        within(cast(observed_at as date), $as_of, $days)
)

select * from final
order by observed_at desc nulls last, source asc, report_id desc
