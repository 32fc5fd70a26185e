"""Some markets' part of a built database, as views of the same names that hide the rest.

Whoever may see some markets only reads these views and never a table, so that no page, chart,
count, search or export can say what lies outside, whatever its query forgets. A table that no
rule of this file covers has no view: what is new is hidden until somebody says how it is told
apart. Ids of subjects outside are null in rows that are partly inside, such as an order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import duckdb

ID_COLUMNS = {
    "merchant_id": "merchant",
    "other_merchant_id": "merchant",
    "sibling_id": "merchant",
    "creator_id": "creator",
    "product_id": "product",
    "other_product_id": "product",
    "buyer_id": "buyer",
    "partner_id": "buyer",
    "live_session_id": "live_session",
}
"""Columns that hold the id of a subject of one kind."""
OF_NO_MARKET = frozenset(
    {
        *("drift.bins", "drift.columns", "drift.score_parts"),
        *("explanations.background", "explanations.bases", "explanations.global_importance"),
        *("explanations.lifts", "explanations.peers", "facts.age_bands", "facts.snapshots"),
        *("meta.build", "meta.missing_facts", "meta.shap_check", "meta.unavailable"),
        *("metrics.feature_levels", "metrics.label_gaps", "metrics.peer_days"),
        *("metrics.peer_levels", "noticing.budget"),
        *("population.base_rates", "scores.bands", "scores.calibration", "scores.evaluation"),
        *("scores.heads", "scores.history_builds", "scores.model_files", "scores.models"),
        *("meta.training", "scores.head_files"),
        *("scores.pack_harms", "scores.pack_losses", "scores.pack_texts", "scores.packs"),
        "scores.training_days",
        *("scores.agreement", "scores.challengers", "scores.cohorts", "scores.comparison"),
        *("scores.label_arrival", "scores.lot_checks", "scores.pr_curve"),
        *("scores.signal_outcomes", "signals.conditions", "live.status"),
        *("staging.display_currency", "staging.model_releases", "staging.placeholders"),
        *("staging.vouchers", "windows.brand_prices"),
    }
)
"""What models, packs and lists of the house are, and what a typical peer of all markets does."""
NODES = ("src", "dst", "node")
"""Columns that hold `type:id`, of a subject or of a thing that subjects share."""
COUNTED_AGAIN = ("graph.nodes", "graph.adjacency")
"""Whose rows are numbered and counted: built once more, by their own files, from what is left."""
LINKS = "graph.node_links"
"""What they are built of; the file holds the same links in their rows, each from both its ends."""
_TARGET = "scoped"
_PAIR = "(entity_type, entity_id)"
_SUBJECTS = "(select entity_type, entity_id from scoped.scope.subjects)"
_COLUMNS = """
select schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns() where database_name = $source and not internal group by 1
"""


def attach_scope(con: duckdb.DuckDBPyConnection, source: str, markets: Collection[str]) -> str:
    """Views on the attached database `source`, in a catalogue that is then the connection's own.

    Its name is returned. `markets` are not empty; a market without anybody leaves empty views.
    """
    tables = dict(con.execute(_COLUMNS, {"source": source}).fetchall())
    con.execute(f"attach ':memory:' as {_TARGET}")
    for schema in sorted({table.partition(".")[0] for table in tables} | {"scope"}):
        con.execute(f"create schema if not exists {_TARGET}.{schema}")
    _subjects(con, source, tables, sorted(markets))
    for table in sorted(tables, key=lambda name: (name not in _ASKED_BY_OTHERS, name)):
        own = (*COUNTED_AGAIN, LINKS)
        if table not in own and (select := _view(source, table, tables[table])):
            con.execute(f"create view {_TARGET}.{table} as {select}")
    con.execute(f"use {_TARGET}")
    if tables.keys() >= set(COUNTED_AGAIN):
        con.execute(f"create view {_TARGET}.{LINKS} as {_LINKS_INSIDE.format(source=source)}")
        for table in COUNTED_AGAIN:
            query = queries.get(table.replace(".", "/"))
            queries.define_macros(con, query)
            con.execute(f"create table {table} as {query.sql}")
    return _TARGET


def _subjects(
    con: duckdb.DuckDBPyConnection,
    source: str,
    tables: Mapping[str, Sequence[str]],
    markets: Sequence[str],
) -> None:
    """Who is inside, and the groups that are wholly so: made once, every view asks them."""
    con.execute(
        f"create table {_TARGET}.scope.markets as select unnest($markets) as market",
        {"markets": list(markets)},
    )
    con.execute(
        f"create table {_TARGET}.scope.subjects as select distinct entity_type, entity_id, "
        f"entity_type || ':' || entity_id as node from {source}.graph.entities "
        f"where market in (select market from {_TARGET}.scope.markets)"
    )
    con.execute(
        f"create table {_TARGET}.scope.strangers as select entity_type || ':' || entity_id as node "
        f"from {source}.graph.entities where {_PAIR} not in {_SUBJECTS}"
    )
    for group, members in (("ring", "rings.members"), ("community", "communities.members")):
        rows = (
            f"select {group}_id from {source}.{members} group by {group}_id "
            f"having bool_and({_PAIR} in {_SUBJECTS})"
            if members in tables
            else f"select null::varchar as {group}_id where false"
        )
        con.execute(f"create table {_TARGET}.scope.{group}_ids as {rows}")


def _view(source: str, table: str, columns: Sequence[str]) -> str:
    """The select of one table's view; empty = no rule tells its rows apart."""
    if table in OF_NO_MARKET:
        return f"select * from {source}.{table}"
    tests = _OWN_RULES.get(table) or _rules(table, columns)
    if not tests:
        return ""
    hidden = [f"{test} as {column}" for column, test in _hidden(table, columns).items()]
    replaced = f" replace ({', '.join(hidden)})" if hidden else ""
    where = " and ".join(f"({test.format(source=source)})" for test in tests)
    return f"select *{replaced} from {source}.{table} as t where {where}"


def _rules(table: str, columns: Sequence[str]) -> list[str]:
    """What a row has to fulfil, by the columns of its table."""
    have = set(columns)
    tests = []
    if table.startswith("rings.") and "ring_id" in have:
        tests.append("ring_id in (select ring_id from scoped.scope.ring_ids)")
    if table.startswith("communities.") and "community_id" in have and "entity_id" not in have:
        tests.append("community_id in (select community_id from scoped.scope.community_ids)")
    if "dimension_a" in have:
        tests.append(_of_slice(have))
    nodes = [name for name in NODES if name in have]
    tests += [f"{name} not in {_OUTSIDE} and {name} is not null" for name in nodes]
    ids = [name for name in columns if name in ID_COLUMNS]
    if "market" in have:
        tests.append("market in (select market from scoped.scope.markets)")
    elif {"entity_type", "entity_id"} <= have:
        tests.append(f"{_PAIR} in {_SUBJECTS}")
    elif ids:
        tests.append(" or ".join(_inside(name) for name in ids))
    elif "order_id" in have and not tests:
        tests.append("order_id in (select order_id from scoped.staging.orders)")
    elif "video_id" in have and not tests:
        tests.append("video_id in (select video_id from scoped.staging.videos)")
    return tests


def _of_slice(have: Collection[str]) -> str:
    one = "({0} = 'market' and {1} in (select market from scoped.scope.markets))"
    first = one.format("dimension_a", "value_a")
    second = one.format("dimension_b", "value_b")
    return f"{first} or {second}" if "dimension_b" in have else first


def _hidden(table: str, columns: Sequence[str]) -> dict[str, str]:
    """Columns that speak of the outside in a row that is inside, and what stands there then."""
    ids = [name for name in columns if name in ID_COLUMNS]
    hides = len(ids) > 1 or "market" in columns
    hidden = {name: f"case when {_inside(name)} then {name} end" for name in ids if hides}
    if not table.startswith("rings."):
        for group in ("ring", "community"):
            if f"{group}_id" in columns and not table.startswith("communities."):
                visible = f"{group}_id in (select {group}_id from scoped.scope.{group}_ids)"
                hidden[f"{group}_id"] = f"case when {visible} then {group}_id end"
    if table == "graph.identifiers":
        hidden["degree"] = (
            "(select count(*) from scoped.graph.links as l where l.relation = t.relation "
            "and l.identifier_id = t.identifier_id)"
        )
    return hidden


def _inside(column: str, kind: str = "") -> str:
    kind = kind or ID_COLUMNS[column]
    return f"{column} in (select entity_id from scoped.scope.subjects where entity_type = '{kind}')"


_OUTSIDE = "(select node from scoped.scope.strangers)"
_LINKS_INSIDE = f"""
with inside as (
    select node_number, node from {{source}}.graph.nodes where node not in {_OUTSIDE}
)
select a.node as src, b.node as dst, l.* exclude (
    node_number, neighbour_number, is_outward, neighbour_first_row, neighbour_degree, is_hub
)
from {{source}}.graph.adjacency as l
inner join inside as a on l.node_number = a.node_number
inner join inside as b on l.neighbour_number = b.node_number
where l.is_outward
"""
_ACCOUNT = ["(account_type, account_id) in " + _SUBJECTS]
_TWINS = [_inside("product_id"), _inside("twin_id", "product")]
_KINDS = "(" + ", ".join(f"'{kind}'" for kind in sorted(set(ID_COLUMNS.values()))) + ")"
_FILM = "entity_id in (select video_id from scoped.staging.videos)"
_MOVEMENT = "movement_id in (select movement_id from scoped.noticing.movements)"
_KEYS = "(select entity_key from scoped.facts.entity_keys)"
_OWN_RULES: dict[str, list[str]] = {
    "facts.lock_changes": _ACCOUNT,
    "staging.auth_events": _ACCOUNT,
    "facts.image_twins": _TWINS,
    "similarity.title_twins": _TWINS,
    "facts.housemates": [f"entity_key in {_KEYS}", f"housemate_key in {_KEYS}"],
    "alerts.partners": [f"entity_key in {_KEYS}", f"partner_key in {_KEYS}"],
    "similarity.shared_identifier_neighbours": [
        f"{_PAIR} in {_SUBJECTS}",
        f"(entity_type, neighbour_id) in {_SUBJECTS}",
    ],
    "graph.identifiers": [
        "(relation, identifier_id) in (select relation, identifier_id from scoped.graph.links)"
    ],
    "noticing.behind": [_MOVEMENT, f"{_PAIR} in {_SUBJECTS} or entity_type = 'typology'"],
    "noticing.causes": [_MOVEMENT],
    "live.evidence": [
        f"{_PAIR} in {_SUBJECTS}",
        f"kind not in {_KINDS} or kind is null or (kind, cell) in {_SUBJECTS}",
    ],
    "staging.entity_embedding": [f"{_PAIR} in {_SUBJECTS} or entity_type = 'video' and {_FILM}"],
}
"""Where the columns do not say it."""
_ASKED_BY_OTHERS = frozenset(
    {
        "facts.entity_keys",
        "graph.links",
        "noticing.movements",
        "staging.orders",
        "staging.videos",
    }
)
