-- Formulas that many queries share, made known to the connection that runs them.
-- Share of confirmed bad, drawn to the base rate.
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

-- 1 where a condition holds, 0 where it does not or is unknown: flags add up.
create or replace temp macro flag(x) as case when x then 1 else 0 end;

-- A count or a sum as a double, money to a hundredth of a cent; none is zero.
create or replace temp macro number(x) as cast(coalesce(x, 0) as double);
create or replace temp macro dollars(x) as
coalesce(round(cast(x as double), 4), 0.0);

-- How many have a value, and their quartiles.
create or replace temp macro spread(x) as {
    'entities': count(x),
    'quartiles': quantile_cont(cast(x as double), [0.25, 0.5, 0.75])
};

-- Standard deviation of a sample from its size, sum and sum of squares.
create or replace temp macro sample_sd(seen, total, squares) as sqrt(
    greatest(squares - total * total / nullif(seen, 0.0), 0.0)
    / nullif(greatest(seen - 1.0, 0.0), 0.0)
);

-- The id of the party that an entity type names.
create or replace temp macro party_id(type, merchant, creator, product, buyer)
as case type
    when 'merchant' then merchant
    when 'creator' then creator
    when 'product' then product
    else buyer
end;

-- How high a band is: 0 for the lowest and where there is none.
create or replace temp macro band_rank(band) as
case band when 'CRIT' then 3 when 'HIGH' then 2 when 'MED' then 1 else 0 end;

-- Whether a value is among those chosen in a filter; none chosen is all.
create or replace temp macro is_chosen(choices, value) as
len(choices) = 0 or list_contains(choices, value);

-- Whether a case is in the state chosen: all, decided or open.
create or replace temp macro is_in_state(status, decided, entity_key) as
status = 'all' or (status = 'decided') = list_contains(decided, entity_key);

-- Whether a name or an id holds the small letters searched for; none is all.
create or replace temp macro is_match(search, name, id) as
search = '' or contains(lower(name), search) or contains(lower(id), search);
