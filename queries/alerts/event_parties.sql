-- Everybody who touched an event of money or of harm: one row for each of them.
--
-- grain:   flow, event_id, entity_type
-- params:  none
-- returns: entity_type  varchar        merchant, product, creator, buyer or live_session
--          entity_id    varchar
--          flow         varchar        of alerts.money_events, or event of alerts.harm_events
--          event_id     varchar
--          amount       decimal(18,6)  of the whole event: USD of money, number of harm
--          is_money     boolean
with events as (
    select
        flow,
        event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        amount_usd as amount,
        true as is_money
    from alerts.money_events
    union all
    select
        event as flow,
        event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        cast(quantity as decimal(18, 6)) as amount,
        false as is_money
    from alerts.harm_events
),

parties as (
    select
        flow,
        event_id,
        amount,
        is_money,
        unnest([
            { 'entity_type': 'merchant', 'entity_id': merchant_id },
            { 'entity_type': 'product', 'entity_id': product_id },
            { 'entity_type': 'creator', 'entity_id': creator_id },
            { 'entity_type': 'buyer', 'entity_id': buyer_id },
            { 'entity_type': 'live_session', 'entity_id': live_session_id }
        ]) as one
    from events
),

final as (
    select
        one.entity_type,
        one.entity_id,
        flow,
        event_id,
        amount,
        is_money
    from parties
    where one.entity_id is not null
)

select * from final
