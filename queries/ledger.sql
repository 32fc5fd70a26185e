-- The ledger of builds, made known to the connection that runs a query.

-- The last build of each day that scored so many of a type or more: of several on one day
-- the last is the one that stayed on the screen.
create or replace temp macro day_builds(least_scored) as table (
    select
        entity_type,
        as_of,
        max(build_number) as build_number
    from scores.history_builds
    where scored >= least_scored
    group by entity_type, as_of
);
