-- Thresholds and formulas that many queries share; the door defines those called.

-- How much a rate or an average needs to mean something; many for rare events.
create or replace temp macro least_orders() as 5.0;
create or replace temp macro least_deliveries() as 5.0;
create or replace temp macro least_reviews() as 3.0;
create or replace temp macro least_views() as 50;
create or replace temp macro least_peers() as 20;
create or replace temp macro many_orders() as 10.0;
create or replace temp macro many_reviews() as 10.0;

-- Share of confirmed bad, smoothed to the base rate by so many more seen at it.
create or replace temp macro prior_weight() as 5.0;
create or replace temp macro smoothed_rate(bad, seen, base_rate) as
(bad + prior_weight() * base_rate) / (seen + prior_weight());

-- Part of a whole; a value. Null where what stands behind it is under a minimum.
create or replace temp macro rate(part, whole, minimum) as
case when whole >= minimum then part / whole end;
create or replace temp macro enough(value, seen, minimum) as
case when seen >= minimum then value end;
-- Events a day in so many days, over events a day in a longer span.
create or replace temp macro pace(recent, days, longer, span) as
(recent / days) / (longer / span);
-- A count or a sum as a double, money to a hundredth of a cent; none is zero.
create or replace temp macro number(x) as cast(coalesce(x, 0) as double);
create or replace temp macro dollars(x) as
coalesce(round(cast(x as double), 4), 0.0);
-- How many have a value, and the quartiles of these.
create or replace temp macro spread(x) as {
    'entities': count(x),
    'quartiles': quantile_cont(cast(x as double), [0.25, 0.5, 0.75])
};
-- Standard deviation of a sample from its size, sum and sum of squares.
create or replace temp macro sample_sd(seen, total, squares) as sqrt(
    greatest(squares - total * total / nullif(seen, 0.0), 0.0)
    / nullif(greatest(seen - 1.0, 0.0), 0.0)
);
-- Whole days from a moment to the midnight of a snapshot.
create or replace temp macro age_days(moment, as_of) as
cast(date_diff('day', moment, cast(as_of as timestamp)) as double);

-- Whether a day is one of so many days before a snapshot.
create or replace temp macro within(day, as_of, days) as
day < as_of and day >= cast(as_of as date) - cast(days as integer);

-- Whether what began, and perhaps ended, holds at a snapshot; a verdict likewise.
create or replace temp macro valid_at(since, until, as_of) as
since < cast(as_of as timestamp)
and (until is null or until >= cast(as_of as timestamp));
create or replace temp macro in_force(since, replaced, as_of) as
since < as_of and coalesce(replaced, date '9999-12-31') >= as_of;

-- The id of the party that an entity type names.
create or replace temp macro party_id(type, merchant, creator, product, buyer)
as case type
    when 'merchant' then merchant when 'creator' then creator
    when 'product' then product else buyer
end;
