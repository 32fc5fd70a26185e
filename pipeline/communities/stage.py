"""The communities stage: who belongs together, what ties them, what money moves there.

Only shared identifiers and shared buyers tie entities together; trade does not, because
everybody buys from a popular shop. Shops and creators join a buyer community afterwards,
when their recent trade is mostly with it: docs/decisions/0021-communities.md.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.communities.member_rows import member_rows
from pipeline.communities.membership import clusters, joined_by_trade
from pipeline.communities.summaries import summaries
from pipeline.lasting_ids import Naming, with_ids
from pipeline.tables import latest_snapshot, query, store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from pipeline.settings.build import Settings

_EDGE = ("src", "dst", "relation", "weight", "last_seen_at")


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    previous: pl.DataFrame | None = None,
) -> None:
    """Make every table of schema `communities`.

    `previous` is `communities.members` of the last build (group_id, entity_type,
    entity_id): communities that overlap with an earlier one keep its id. Raises StageError
    when the graph, scores or staging tables are missing.
    """
    as_of, own = latest_snapshot(con), settings.communities
    grouped = clusters(edges_of(con, own.relations), own)
    trade = edges_of(con, own.attach_relations, as_of - timedelta(days=own.attach_days))
    naming = Naming("com_", own.min_members, own.min_overlap)
    grouped = joined_by_trade(grouped, trade, as_of, own)
    named = with_ids(grouped, previous, naming).rename({"group_id": "community_id"})
    inside = edges_inside(con, named)
    tables = {
        "members": member_rows(named, inside, own).drop("node"),
        "identifiers": shared_identifiers(con, named),
        "communities": summaries(con, named, inside, as_of, own),
    }
    for name, frame in tables.items():
        on_progress(f"communities.{name}", store(con, f"communities.{name}", frame))


def edges_of(
    con: duckdb.DuckDBPyConnection, relations: tuple[str, ...], since: date = date.min
) -> pl.DataFrame:
    """Edges of some relations, seen since a day: most are old trade and stay where they are."""
    where = "where list_contains($relations, relation) and last_seen_at >= $since"
    sql = f"select {', '.join(_EDGE)} from graph.edges {where}"
    return query(con, sql, relations=list(relations), since=since)


def edges_inside(con: duckdb.DuckDBPyConnection, named: pl.DataFrame) -> pl.DataFrame:
    """Edges of every relation with both ends in one community, and its id."""
    ends = "join _home as a on e.src = a.node join _home as b on e.dst = b.node"
    same = "where a.community_id = b.community_id"
    sql = f"select e.*, a.community_id from graph.edges as e {ends} {same}"
    return _among(con, named, sql).sort("community_id", "src", "dst", "relation")


def _among(con: duckdb.DuckDBPyConnection, named: pl.DataFrame, sql: str) -> pl.DataFrame:
    """One line of SQL as a frame; it may read the members as `_home`."""
    con.register("_home", named)
    rows = query(con, sql)
    con.unregister("_home")
    return rows


def shared_identifiers(con: duckdb.DuckDBPyConnection, named: pl.DataFrame) -> pl.DataFrame:
    """Rows of `communities.identifiers`: what at least two members have in common."""
    key = ["relation", "identifier_id"]
    home = "graph.links join _home using (entity_type, entity_id)"
    own = _among(con, named, f"select community_id, {', '.join(key)}, node from {home}")
    counted = own.group_by("community_id", *key).agg(member_count=pl.col("node").n_unique())
    sql = "select relation, identifier_id, degree, weight from graph.identifiers"
    return (
        counted.filter(pl.col("member_count") > 1)
        .join(query(con, sql), on=key)
        .sort("community_id", "member_count", *key, descending=[False, True, False, False])
    )
