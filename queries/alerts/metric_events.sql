-- Who makes the metrics that no order makes: what each subject added to them, day by day.
--
-- The sum over all subjects of a market is the metric of that market. Of a stock (money at
-- risk) a row is what came in or went out on the day, so that its sum up to a day is what
-- there was at the end of it.
--
-- grain:   metric, day, market, entity_type, entity_id
-- params:  none
-- returns: metric       varchar  code of the metric
--          day          date     local to the market
--          market       varchar  that the metric counts it in
--          entity_type  varchar
--          entity_id    varchar
--          amount       double   in the unit of the metric
with events as (
    select
        metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(events as double) as amount
    from metrics.subject_events
    union all
    select
        'voucher_claims' as metric,
        day,
        market,
        'buyer' as entity_type,
        buyer_id as entity_id,
        cast(voucher_orders as double) as amount
    from metrics.order_outcomes
    where voucher_orders > 0
    union all
    select
        kind || '_at_risk' as metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(amount_usd as double) as amount
    from alerts.at_risk_changes
    union all
    select
        'prevented_loss' as metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(saved_usd as double) as amount
    from metrics.prevented_losses
),

final as (
    select
        metric,
        day,
        market,
        entity_type,
        entity_id,
        cast(sum(cast(amount as decimal(24, 6))) as double) as amount
    from events
    group by metric, day, market, entity_type, entity_id
)

select * from final
