-- The columns whose distribution is watched, and how old an order is when each is settled.
--
-- grain:   column_name
-- params:  none
-- returns: column_name   varchar  of drift.order_values
--          kind          varchar  number, level
--          settled_days  integer  age from which the value of an order is final
with final as (
    select
        t.column_name,
        t.kind,
        cast(t.settled_days as integer) as settled_days
    from (
        values
        ('amount_usd', 'number', 0),
        ('discount_usd', 'number', 0),
        ('shipping_usd', 'number', 0),
        ('items', 'number', 0),
        ('commission_rate', 'number', 0),
        ('click_seconds', 'number', 0),
        ('view_seconds', 'number', 0),
        ('payment_seconds', 'number', 0),
        ('buyer_age_days', 'number', 0),
        ('listing_age_days', 'number', 0),
        ('dispatch_hours', 'number', 7),
        ('delivery_days', 'number', 14),
        ('parcel_grams', 'number', 14),
        ('carrier_scans', 'number', 14),
        ('payment_method', 'level', 0),
        ('channel', 'level', 0),
        ('category', 'level', 0),
        ('currency', 'level', 0),
        ('billing_match', 'level', 0),
        ('express', 'level', 0),
        ('prior_view', 'level', 0),
        ('carrier', 'level', 7),
        ('rating', 'level', 14),
        ('refund_reason', 'level', refund_days())
    ) as t (column_name, kind, settled_days)
)

select * from final
