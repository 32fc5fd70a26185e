-- Everybody who touched an event of money: one row for each of them.
--
-- grain:   flow, event_id, entity_type
-- params:  none
-- returns: entity_type  varchar        merchant, product, creator, buyer or live_session
--          entity_id    varchar
--          flow         varchar        see alerts.money_events
--          event_id     varchar
--          amount_usd   decimal(18,6)  of the whole event
with parties as (
    select
        flow,
        event_id,
        amount_usd,
        unnest([
            { 'entity_type': 'merchant', 'entity_id': merchant_id },
            { 'entity_type': 'product', 'entity_id': product_id },
            { 'entity_type': 'creator', 'entity_id': creator_id },
            { 'entity_type': 'buyer', 'entity_id': buyer_id },
            { 'entity_type': 'live_session', 'entity_id': live_session_id }
        ]) as one
    from alerts.money_events
),

final as (
    select
        one.entity_type,
        one.entity_id,
        flow,
        event_id,
        amount_usd
    from parties
    where one.entity_id is not null
)

select * from final
