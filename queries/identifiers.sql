-- What is no identifier, made known to the connection that runs a query.

-- An identifier as it may be compared: null where it says "nobody knows". Blank,
-- nothing but zeros and signs (0, 0.0.0.0, ::, 00:00:00:00:00:00, a zeroed hash),
-- one letter or digit eight times and more (ffffffff, xxxxxxxx), or a placeholder
-- of its kind. See docs/decisions/0071-unknown-is-null.md.
create or replace temp macro identifier(of_relation, x) as case
    when regexp_matches(x, '^(0x)?[0\s:.,_/#?!*+-]*$') then null
    when
        length(x) >= 8
        and replace(
            replace(replace(lower(x), '-', ''), ':', ''),
            lower(left(x, 1)),
            ''
        ) = '' then null
    when
        lower(trim(x)) in (
            select p.value
            from staging.placeholders as p
            where p.relation is null or p.relation = of_relation
        ) then null
    else x
end;

-- A text as somebody wrote it: null where it is what a machine writes for everybody.
create or replace temp macro written(x) as case
    when
        lower(trim(x)) in (
            select p.value
            from staging.placeholders as p
            where p.relation = 'text'
        ) then null
    else x
end;

-- Share of everybody, and how many, from which one value is nobody's: no ring is a
-- fifth of a marketplace. On the sample the largest is 12 % (one office's network).
create or replace temp macro hub_share() as 0.2;
create or replace temp macro hub_users() as 50;
