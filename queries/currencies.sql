-- What an amount in minor units of a currency is worth: ISO 4217 says how many make one unit.

-- Minor units in one unit: a yen has none below it, a dinar has a thousand. A hundred where
-- ISO 4217 says nothing else.
create or replace temp macro minor_per_unit(currency) as case
    when upper(currency) in (
        'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF',
        'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
    ) then 1.0
    when upper(currency) in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
        then 1000.0
    when upper(currency) in ('CLF', 'UYW') then 10000.0
    else 100.0
end;

-- USD of so many minor units, at so many USD a unit.
create or replace temp macro usd(minor, currency, usd_per_unit) as
cast(minor as double) / minor_per_unit(currency) * usd_per_unit;

-- USD up to which an order is small: a claim on it is often refunded without return.
create or replace temp macro small_order_usd() as 10.0;
create or replace temp macro is_small_order(usd) as
usd > 0 and usd <= small_order_usd();
