-- Which money flow a subject of each kind takes from, and who bears it.
--
-- What the packs say; a subject that no pack explains takes from the flow its type
-- lives on.
--
-- grain:   typology, entity_type, flow, bearer
-- params:  default_loss_share  double   share where no pack says so
-- returns: typology     varchar  pack code or UNEXPLAINED
--          entity_type  varchar
--          flow         varchar  column of alerts.exposures
--          share        double   0..1 of the flow that is lost
--          bearer       varchar
with default_flows (entity_type, flow, bearer) as (
    values
    ('merchant', 'gmv_usd', 'buyer'),
    ('product', 'gmv_usd', 'buyer'),
    ('live_session', 'gmv_usd', 'buyer'),
    ('creator', 'commission_usd', 'merchant'),
    ('creator', 'slot_fee_usd', 'merchant'),
    ('buyer', 'voucher_usd', 'platform'),
    ('buyer', 'refund_usd', 'merchant')
),

final as (
    select
        typology,
        entity_type,
        flow,
        share,
        bearer
    from scores.pack_losses
    union all
    select
        'UNEXPLAINED' as typology,
        entity_type,
        flow,
        cast($default_loss_share as double) as share,
        bearer
    from default_flows
)

select * from final
