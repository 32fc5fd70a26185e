"""Every table that SQL builds is the same table where another engine builds it.

Each file alone, on tables that DuckDB built. Sail stands for Spark here, for it needs no Java;
`make spark` asks Spark itself, since a fault that both engines share with nobody would show
in neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from pipeline.engines.lake import Lake
from pipeline.engines.macros import without_macros
from pipeline.engines.steps import engine_steps
from pipeline.engines.translation import translated, view_name
from pipeline.inputs import ingest
from pipeline.inputs.raw_check import examine
from pipeline.orchestration.stages import parameters
from pipeline.settings.build import Settings
from tests.engines import differences, types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql.connect.session import SparkSession

    from pipeline.build import Report

SCALARS = {
    name: statement
    for name, statement in queries.macros().items()
    if ") as table (" not in statement
}
"""Macros that make a value. Those that make a table are written out with the tables below."""
CALLS = (
    "case_minutes(20.0, 4)",
    "last_verdict('2026-09-29 bad', date '2026-09-28', 'good')",
    "missed_filter('market', ['MY'], 'S' || 'G')",
    "missed_filter('market', ['MY'], 'M' || 'Y')",
    "member_minutes()",
    "reserve_every()",
    "rate(1 + 2, 8.0, least_orders())",
    "rate(1 + 2, 4.0, least_orders())",
    "enough(7 - 2, 3, least_reviews())",
    "enough(7 - 2, 2, least_reviews())",
    "pace(3.0 + 4.0, 7, 5.0 + 5.0, 30)",
    "smoothed_rate(1 + 1, 10 - 2, 0.1 + 0.1)",
    "sample_sd(4.0 - 1.0, 5.0 + 1.0, 10.0 + 4.0)",
    "sample_sd(1.0, 5.0 + 1.0, 36.0)",
    "surprise(1 + 1, 10, 0.1)",
    "surprise(1, 10, 0.1 + 0.1)",
    "surprise(5, 2 + 3, 0.1)",
    "usd(1 + 2, 'j' || 'py', 0.5 + 0.5)",
    "minor_per_unit('KWD')",
    "fast_payment_seconds()",
    "reference_days()",
    "number(1 - 4)",
    "number(null)",
    "band_rank('HIGH')",
    "band_rank(null)",
    "age_days(timestamp '2026-06-01 23:59:59', date '2026-06-03')",
    "dollars(1.00004 + 0.00001)",
    "valid_at(timestamp '2026-06-01', null, date '2026-06-02')",
    "not valid_at(timestamp '2026-06-01', timestamp '2026-06-02', date '2026-06-03')",
    "local_day(timestamp '2026-06-01 03:00:00', 'America/' || 'Chicago')",
    "not was_there(date '2026-06-01', date '2026-06-02', date '2026-06-03')",
    "was_there(date '2026-06-01', date '2026-06-02', date '2026-05-31')",
    "was_there(date '2026-06-01', null, date '2026-06-03')",
    "not within(date '2026-06-01', date '2026-06-02', 1)",
    "within(date '2026-06-02', date '2026-06-02', 1)",
    "in_force(date '2026-06-01', null, date '2026-06-02')",
    "in_force(date '2026-05-01', date '2026-06-01', date '2026-06-02')",
    "party_id('creator', 'm', 'c' || 'r', 'p', 'b')",
    "party_id('buyer', 'm', 'c' || 'r', 'p', 'b')",
    "spread(1 + 2)",
    "is_late_claim(timestamp '2026-06-06 00:00:00', timestamp '2026-06-01 00:00:00')",
    "is_late_claim(timestamp '2026-06-16 00:00:00', timestamp '2026-06-01 00:00:00')",
    "is_chosen(['a'], 'b' || 'c')",
    "not is_chosen(['a'], 'b')",
    "not is_in_state('open', ['a:b'], 'a' || ':b')",
    "not is_in_state('decided', ['a:b'], 'a' || ':c')",
    "is_match('x' || 'y', 'An', 'aXYz')",
    "not is_match('xy', 'An', 'a')",
    "hub_size('i' || 'p')",
    "hub_size('device') + 1",
    *("refund_days()", "least_deliveries()", "least_views()", "least_peers()"),
    *("many_orders()", "many_reviews()", "prior_weight()", "most_sharers()"),
    *("lockstep_core()", "short_text()", "long_text()", "loss_days()"),
    *("machine_viewers_per_device()", "machine_distinct_comment_share()"),
    *("machine_young_viewer_share()", "machine_watch_variation()"),
    *("slight_viewers_per_device()", "slight_distinct_comment_share()"),
    *("slight_young_viewer_share()", "slight_watch_variation()"),
    *("slight_clicks_per_view()", "slight_peak_view_share()"),
    *("least_reports()", "crew_overlap()", "flag(1 < 2)", "flag(1 > 2)", "flag(null > 2)"),
    *("is_filler(' ' || '-')", "is_filler('d' || '1')", "placeholder_words()"),
    "identifier('device', 'n' || 'a')",
    "identifier('device', 'd' || '1')",
    "written('a' || 'b')",
    *("hub_share()", "hub_users()"),
    *("machine_clicks_per_view()", "machine_peak_view_share()", "machine_arrival_share()"),
    "merchant_tier(50.0 + 10.0, 0.5 + 0.5)",
    "merchant_tier(null, 5.0)",
    "buyer_age('b' || '1', 6.0 + 1.0)",
    "buyer_age(null, 7.0)",
    "creator_tier('c' || '1', 999 + 1)",
    "creator_tier(null, 1000)",
    "one_dimension('market', 'U' || 'S')",
    "two_dimensions('category', 'a' || 'b', 'market', 'U' || 'S')",
    "pair_of('category', 'a' || 'b', 'market', null)",
    "pair_of('category', 'a' || 'b', 'market', 'U' || 'S')",
    "groupings('category', null, 'market', 'U' || 'S')",
    "is_within(['market=' || 'US'], 'market', 'U' || 'S')",
    "not is_within(['market=US'], 'market', 'G' || 'B')",
    "is_within(['market=US'], 'channel', 'live')",
    *("small_order_usd()", "is_small_order(4.0 + 6.0)", "is_small_order(5.0 - 5.0)"),
    "is_of_reference(date '2026-01-27' + 1, date '2025-12-31' + 1)",
    "not is_of_reference(date '2026-01-27' + 2, date '2025-12-31' + 1)",
    *("monthly(1 + 2, 20 + 7)", "monthly(1, 20 + 8)"),
    *("monthly_rate(1 + 2, 4 + 4, 20 + 7)", "monthly_rate(1, 4 - 4, 3)"),
    "local_time(timestamp '2026-06-01 03:00:00', 'America/' || 'Chicago')",
    "mark('a' || 'b', 'c', 'd', timestamp '2026-06-01', 'e', 'f', 1.0 + 1.0)",
    "line('a' || 'b', timestamp '2026-06-01 03:00:00', null, 1.0 + 1.0)",
    "act('a' || 'b', 'c', timestamp '2026-06-01', 'd', 'e', 1.0 + 1.0, 1 + 1)",
)
"""Each macro at a call or two, with arguments that go wrong when brackets are lost."""


@pytest.fixture(scope="module")
def calling() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the macros and one placeholder."""
    with duckdb.connect() as con:
        con.execute("create schema staging")
        listed = "select 'na' as value, 'device' as relation"
        con.execute(f"create table staging.placeholders as {listed}")
        for statement in SCALARS.values():
            con.execute(statement)
        yield con


@pytest.mark.parametrize("call", CALLS)
def test_a_macro_written_out_gives_the_same_value(
    calling: duckdb.DuckDBPyConnection, call: str
) -> None:
    """What another engine is given means what DuckDB makes of the call itself."""
    written = without_macros(f"select {call} as value").sql(dialect="duckdb")
    assert calling.execute(written).fetchall() == calling.execute(f"select {call}").fetchall()


def test_every_macro_is_written_out_somewhere() -> None:
    """No macro is added without a call above."""
    assert {name for name in SCALARS if not any(f"{name}(" in one for one in CALLS)} == set()


@pytest.fixture(scope="module")
def tables(built: Report, small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every table of a build as Parquet, and the raw tables as the contract types them."""
    folder = tmp_path_factory.mktemp("tables")
    with queries.connect(built.database) as con:
        rows = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        written = [f"{schema}.{table}" for schema, table in rows]
    with duckdb.connect() as con:
        con.execute(f"attach '{built.database}' as served (read_only)")
        for table in written:
            con.execute(f"copy served.{table} to '{folder}/{view_name(table)}.parquet'")
        examine(con, small_world)
        ingest.complete_raw(con)
        for (name,) in con.execute(RAW_VIEWS).fetchall():
            con.execute(f"copy (from raw.{name}) to '{folder}/raw__{name}.parquet'")
    return folder


RAW_VIEWS = "select view_name from duckdb_views() where schema_name = 'raw'"


@pytest.fixture(scope="module")
def session(engine_session: SparkSession, tables: Path) -> SparkSession:
    """A session that knows all of them."""
    for path in tables.glob("*.parquet"):
        engine_session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
    return engine_session


@pytest.fixture(scope="module")
def schema(tables: Path) -> dict[str, dict[str, dict[str, str]]]:
    """The type of each column of each table."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    with duckdb.connect() as con:
        for path in tables.glob("*.parquet"):
            of, name = path.stem.split("__", 1)
            found.setdefault(of, {})[name] = types(con, f"'{path}'")
    return found


@pytest.mark.parametrize("name", engine_steps())
def test_a_table_is_the_same_on_another_engine(
    name: str,
    con: duckdb.DuckDBPyConnection,
    session: SparkSession,
    tables: Path,
    schema: dict[str, dict[str, dict[str, str]]],
    tmp_path: Path,
) -> None:
    """The types of the header, the same keys, doubles to a billionth, everything else equal."""
    query = queries.get(name)
    values = parameters(con, Settings(), {one.name for one in query.params})
    types_of = {one.name: one.type for one in query.returns}
    lake = Lake(tmp_path, session, name)
    *steps, table = translated(query.table, query.sql, schema, types_of, values)
    for step in steps:
        lake.make(step)
    made = tmp_path / "made"
    session.sql(table.sql).write.parquet(str(made))
    wanted = f"'{tables}/{view_name(query.table)}.parquet'"
    with duckdb.connect() as own:
        if not list(made.rglob("*.parquet")):
            assert own.execute(f"select count(*) from {wanted}").fetchall() == [(0,)]
            return
        columns = ", ".join(f'"{one.name}"' for one in query.returns)
        built = f"(select {columns} from read_parquet('{made}/**/*.parquet'))"
        assert types(own, built) == types_of
        assert differences(own, query, (built, wanted)) == {}
