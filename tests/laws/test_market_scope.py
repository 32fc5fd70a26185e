"""Whoever sees one market is told nothing of another: by no table, and by no page that reads them.

The law is that of the data layer: of every table that a page, a piece of evidence or the casebook
reads, what is left holds no id and no name of a subject outside. The walk goes the ways of a
curious analyst through the pages, and looks at all that is sent to the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from dashboard.state import INVESTIGATE_TABS as TABS
from queries.market_scope import attach_scope
from tests.dashboard import harness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl
    from streamlit.testing.v1 import AppTest

    from pipeline.build import Report

MARKET = "ID"
LIVE = "live."
"""Tables of the live lane are in a file of their own: tests/dashboard/panels/queue/test_live.py."""
OF_ALL_MARKETS = {"drift.decisions", "meta.delivered", "meta.set_aside", "staging.staff_access"}
"""What pages read that cannot be told apart by market: they say so in its place."""
SECTIONS = ("delivered", "set_aside", "off")
SHORT_NAME = 7
"""Characters of a name that may stand in other words."""


@pytest.fixture(scope="module")
def con(built: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build as `everything`, one market of it as `scoped`, and `outside.words`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.database}' as everything (read_only)")
        attach_scope(connection, "everything", [MARKET])
        connection.execute("use memory")
        connection.execute("create schema outside")
        connection.execute(f"""
            create table outside.words as
            with people as (
                select entity_type || ':' || entity_id as node, entity_id, name, market
                from everything.graph.entities
            ),
            words as (
                select unnest([node, entity_id, name]) as word, market = '{MARKET}' as is_inside
                from people
            )
            select word from words where word is not null
            group by word having not bool_or(is_inside)
        """)
        yield connection


@pytest.fixture(scope="module")
def outside(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Subjects outside: entity_type, entity_id, name."""
    return con.sql(
        "select entity_type, entity_id, name from everything.graph.entities as e "
        f"where market <> '{MARKET}' and name in (from outside.words) order by all"
    ).pl()


def asked_tables() -> set[str]:
    """All that pages, evidence and casebook read of a build."""
    names = [one for one in queries.names() if one.startswith(("pages/", "evidence/", "casebook/"))]
    read = {table for name in names for table in queries.reads(name)}
    return {table for table in read if not table.startswith(LIVE)}


def test_no_table_holds_anybody_of_another_market(con: duckdb.DuckDBPyConnection) -> None:
    """No id, key or name in any column of text; what has no view is said to be of all markets."""
    text = """
        select schema_name || '.' || table_name, column_name from duckdb_columns()
        where database_name = 'scoped' and data_type = 'VARCHAR'
    """
    columns: dict[str, list[str]] = {}
    for table, column in con.execute(text).fetchall():
        columns.setdefault(table, []).append(column)
    names = "select table_schema || '.' || table_name from information_schema.tables"
    listed = con.execute(f"{names} where table_catalog = 'scoped'").fetchall()
    there = {name for (name,) in listed}
    assert asked_tables() - there == OF_ALL_MARKETS
    leaks, cells = {}, 0
    for table in sorted(asked_tables() & there):
        for column in columns.get(table, []):
            rows, foreign = con.execute(
                f'select count(*), count(*) filter (where "{column}" in (from outside.words)) '
                f"from scoped.{table}"
            ).fetchall()[0]
            cells += rows
            if foreign:
                leaks[f"{table}.{column}"] = foreign
    assert leaks == {}
    assert cells > 1_000_000


def test_nothing_of_the_own_market_is_hidden(con: duckdb.DuckDBPyConnection) -> None:
    """Every subject, its orders and its scores are there, counted from the whole file."""
    for table, rows in {
        "graph.entities": f"graph.entities where market = '{MARKET}'",
        "scores.scores": "scores.scores as s inner join everything.graph.entities as e "
        f"using (entity_type, entity_id) where e.market = '{MARKET}'",
        "staging.orders": "staging.orders as o inner join everything.staging.merchants as m "
        f"using (merchant_id) where m.market = '{MARKET}'",
        "staging.refunds": "staging.refunds as r inner join everything.staging.orders as o "
        f"using (order_id) inner join everything.staging.merchants as m using (merchant_id) "
        f"where m.market = '{MARKET}'",
    }.items():
        shown = con.sql(f"select count(*) from scoped.{table}").fetchall()
        assert shown == con.sql(f"select count(*) from everything.{rows}").fetchall() != [(0,)]


@pytest.fixture
def open_page(
    built: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Opens pages of the whole build as an analyst of one market."""
    monkeypatch.setenv("RINGFENCE_MARKETS", MARKET)
    return harness.opener(tmp_path, tmp_path, monkeypatch, built.database)


def sent(app: AppTest) -> str:
    """All that a page sends to the browser: every element, and every cell of its tables."""
    parts = [str(getattr(node, "proto", "")) for node in app._tree]
    cells = [frame.value.to_csv() for frame in app.dataframe]
    return "\n".join((*parts, *cells))


def ways(con: duckdb.DuckDBPyConnection, outside: pl.DataFrame) -> list[tuple[str, dict[str, str]]]:
    """Pages and addresses: of the own market, and of others as somebody may have sent them."""
    pages = ("queue", "rings", "community", "metrics", "drift", "model", "data", "tour")
    asked = [(page, {}) for page in pages]
    asked += [("data", {"section": section}) for section in SECTIONS]
    asked += [
        ("metrics", {"market": "US"}),
        ("drift", {"market": "US"}),
        ("queue", {"market": "US"}),
    ]
    asked += [("metrics", {"who": kind}) for kind in ("merchant", "buyer", "ring", "typology")]
    riskiest = con.sql(
        "select entity_type, max_by(entity_id, probability) from scoped.alerts.probabilities "
        "group by all order by all"
    ).fetchall()
    for kind, entity_id in riskiest:
        tabs = TABS if kind == "merchant" else ("facts", "community", "details")
        asked += [("investigate", {"entity": f"{kind}:{entity_id}", "tab": tab}) for tab in tabs]
    for kind, entity_id, name in outside.unique("entity_type", keep="first").iter_rows():
        asked.append(("investigate", {"entity": f"{kind}:{entity_id}"}))
        if kind != "merchant":
            continue
        shop = {"entity": f"{kind}:{dict(riskiest)[kind]}", "tab": "compare"}
        asked += [
            ("investigate", {**shop, "against": entity_id}),
            ("case", {"id": f"{kind}:{entity_id}"}),
            ("case", {"keys": f"{kind}:{entity_id}"}),
            ("queue", {"search": name}),
            ("rings", {"search": name}),
        ]
    for word in ("", "not"):
        (ring,) = con.sql(
            "select min(ring_id) from everything.rings.rings "
            f"where ring_id {word} in (from scoped.scope.ring_ids)"
        ).fetchall()[0]
        asked += [("case", {"id": ring}), ("rings", {"ring": ring})]
    communities = con.sql(
        "select distinct on (is_own) community_id, "
        "community_id in (from scoped.scope.community_ids) as is_own "
        "from everything.communities.communities order by is_own, member_count desc"
    ).fetchall()
    return asked + [("community", {"community": one}) for one, _ in communities]


def test_no_page_sends_anything_of_another_market(
    con: duckdb.DuckDBPyConnection, outside: pl.DataFrame, open_page: Callable[..., AppTest]
) -> None:
    """Not what is listed, drawn, counted by name, said of a search, or said when it is refused."""
    hints = ("mer_000001", "buy_000001")
    foreign = set(outside["entity_id"]) - set(hints)
    foreign |= {name for name in outside["name"] if len(name) > SHORT_NAME}
    asked = ways(con, outside)
    leaks = {}
    for page, params in asked:
        app = open_page(page, params)
        assert not app.exception, (page, params)
        text = sent(app)
        assert "Something went wrong" not in text, (page, params)
        own = set(params.values()) | {one.partition(":")[2] for one in params.values()}
        if there := {word for word in foreign - own if word in text}:
            leaks[page, *params.values()] = sorted(there)[:5]
    assert leaks == {}
    assert len(asked) > 40
