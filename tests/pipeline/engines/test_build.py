"""A build whose SQL stages run on another engine: the same queue, and nothing lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.build import Order, build
from pipeline.engines.lake import MARK, Lake
from pipeline.engines.session import connected, refuse_without_client
from pipeline.engines.steps import engine_steps, published
from pipeline.errors import BuildError, InputError, PipelineError
from pipeline.publishing.fingerprint import fingerprint
from pipeline.publishing.order import Engine
from tests.engines import differences
from tests.every_table import EVERY_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.engines.translation import Statement
    from tests.build_cache import BuildCache


@pytest.fixture(scope="module")
def partitioned(tiny_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest marketplace, orders and shipments in folders, refunds as CSV.

    The files of shipments hold the column that their folders are named by, as some writers do.
    """
    folder = tmp_path_factory.mktemp("partitioned")
    for file in tiny_world.glob("*.parquet"):
        if file.stem not in {"orders", "refunds", "shipments"}:
            (folder / file.name).symlink_to(file)
    shipments = pl.read_parquet(tiny_world / "shipments.parquet")
    shipments.write_parquet(folder / "shipments", partition_by="carrier", mkdir=True)
    pl.read_parquet(tiny_world / "refunds.parquet").write_csv(folder / "refunds.csv")
    with duckdb.connect() as con:
        target = f"'{folder}/orders' (format parquet, partition_by (channel))"
        con.execute(f"copy (from '{tiny_world}/orders.parquet') to {target}")
    return folder


MADE = 40
"""Tables that an engine had made when its build was ended."""


@dataclass(frozen=True)
class Resumed:
    """A build on an engine that was ended in the midst and begun again, with a verdict of ours."""

    database: Path
    lake: Path
    served: bytes
    """What was served once it had been ended."""
    made: dict[Path, int]
    """The marks of the tables that were whole then, and when each was written."""


@pytest.fixture(scope="module")
def resumed(
    partitioned: Path, engine_address: str, tmp_path_factory: pytest.TempPathFactory
) -> Resumed:
    """The file that an engine built of it in two attempts."""
    out = tmp_path_factory.mktemp("engine")
    lake = out / "team's lake"
    order = Order(
        partitioned,
        out,
        EVERY_TABLE,
        casebook_labels=_verdict_of_an_analyst(partitioned),
        engine=Engine(engine_address, lake),
    )
    order.database.write_bytes(b"what is served")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lake, "make", _until_ended())
        with pytest.raises(KeyboardInterrupt):
            build(order)
    served = order.database.read_bytes()
    made = {mark: mark.stat().st_mtime_ns for mark in lake.rglob(MARK)}
    order.database.unlink()
    build(order)
    return Resumed(order.database, lake, served, made)


def _until_ended() -> Callable[[Lake, Statement], Path]:
    """`Lake.make` of a process that ends while it writes a table."""
    made: list[str] = []
    whole = Lake.make

    def make(lake: Lake, statement: Statement) -> Path:
        if len(made) == MADE:
            (lake.folder(statement.view)).mkdir(parents=True)
            (lake.folder(statement.view) / "part-0.parquet").write_bytes(b"cut short")
            raise KeyboardInterrupt
        made.append(statement.view)
        return whole(lake, statement)

    return make


def _verdict_of_an_analyst(folder: Path) -> pl.DataFrame:
    """What an analyst said a minute after one label of a delivery."""
    one = pl.read_parquet(folder / "labels.parquet").head(1)
    return one.with_columns(
        label_id=pl.lit("dec_1"),
        known_at=pl.col("known_at") + pl.duration(minutes=1),
        source=pl.lit("casebook"),
        weight=pl.lit(1.0),
        withdrawn_at=pl.lit(None, pl.Datetime("us")),
    )


@pytest.fixture(scope="module")
def served(
    resumed: Resumed,
    tiny_world: Path,
    build_cache: BuildCache,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Path]:
    """The file that the engine built, and the one that DuckDB builds at once."""
    out, verdict = tmp_path_factory.mktemp("duckdb") / "out", _verdict_of_an_analyst(tiny_world)
    own = build_cache.build(Order(tiny_world, out, EVERY_TABLE, casebook_labels=verdict))
    return resumed.database, own.database


@pytest.fixture
def both(served: tuple[Path, Path]) -> duckdb.DuckDBPyConnection:
    """Both files in one connection."""
    con = duckdb.connect()
    for name, database in zip(("engine", "duck"), served, strict=True):
        con.execute(f"attach '{database}' as {name} (read_only)")
    return con


def test_every_alert_keeps_its_place(both: duckdb.DuckDBPyConnection) -> None:
    """The same queue and lane, priority to 1e-12."""
    rows = both.execute(
        "select e.queue_place, d.queue_place, e.lane, d.lane, e.priority, d.priority "
        "from engine.alerts.alerts as e full join duck.alerts.alerts as d using (alert_id)"
    ).fetchall()
    assert len(rows) > 50
    for own_place, place, own_lane, lane, own_priority, priority in rows:
        assert (own_place, own_lane) == (place, lane)
        if priority is None:
            assert own_priority is None
        else:
            assert own_priority == pytest.approx(priority, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", sorted(published()))
def test_a_published_table_is_the_same(both: duckdb.DuckDBPyConnection, name: str) -> None:
    """Chained from the raw tables, doubles to 1e-8."""
    query = queries.get(name)
    sides = (f"engine.{query.table}", f"duck.{query.table}")
    assert differences(both, query, sides, 1e-8) == {}


def test_every_table_that_a_page_reads_is_in_the_served_file(served: tuple[Path, Path]) -> None:
    """What stays in the lake is read by steps on the engine alone."""
    with queries.connect(served[0]) as con:
        rows = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
    there = {row[0] for row in rows}
    others = [name for name in queries.names() if name not in engine_steps()]
    tables = {queries.get(name).table for name in engine_steps()}
    assert {table for name in others for table in queries.reads(name)} & tables <= there


def test_a_build_that_was_ended_goes_on_where_it_stopped(resumed: Resumed) -> None:
    """What was served stays, no whole table is made twice, and one that was cut short is.

    What analysts decided is among the labels there.
    """
    assert resumed.served == b"what is served"
    assert len(resumed.made) == MADE
    assert {mark: mark.stat().st_mtime_ns for mark in resumed.made} == resumed.made
    labels = pl.read_parquet(resumed.lake / "staging" / "labels" / "*.parquet")
    assert labels.filter(pl.col("source") == "casebook").height == 1


def test_a_delivery_without_orders_is_refused(
    partitioned: Path, engine_address: str, tmp_path: Path
) -> None:
    """An engine reads no row of folders that it has not listed, and would build of none."""
    empty = tmp_path / "delivery"
    empty.mkdir()
    for file in partitioned.iterdir():
        if file.name != "orders":
            (empty / file.name).symlink_to(file)
    orders = pl.read_parquet(next((partitioned / "orders").rglob("*.parquet")))
    orders.clear().write_parquet(empty / "orders.parquet")
    order = Order(empty, tmp_path, engine=Engine(engine_address, tmp_path / "lake"))
    with pytest.raises(PipelineError, match="orders"):
        build(order)
    assert not order.database.exists()


def test_other_rows_than_were_checked_are_refused(
    plain: Path, engine_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is built of fewer rows than the contract check saw."""
    read = Lake.copy

    def none(lake: Lake, con: duckdb.DuckDBPyConnection, table: str) -> None:
        read(lake, con, table)
        if table == "raw.labels":
            lake.session.sql("select 1 as a where false").createOrReplaceTempView("raw__labels")

    monkeypatch.setattr(Lake, "copy", none)
    order = Order(plain, tmp_path, engine=Engine(engine_address, tmp_path / "lake"))
    with pytest.raises(BuildError, match="reads 0 rows of labels"):
        build(order)
    assert not order.database.exists()


def test_a_partition_more_is_another_delivery(partitioned: Path, tmp_path: Path) -> None:
    """The fingerprint sees files below folders of partitions."""
    before = fingerprint(Order(partitioned, tmp_path))
    part = next((partitioned / "orders").rglob("*.parquet"))
    more = part.with_name("more.parquet")
    more.write_bytes(part.read_bytes())
    assert fingerprint(Order(partitioned, tmp_path)) != before
    more.unlink()
    assert fingerprint(Order(partitioned, tmp_path)) == before


@pytest.mark.parametrize("address", ["localhost:15002", "http://localhost", "sc://"])
def test_another_address_is_refused(address: str) -> None:
    """With an address that would do."""
    with pytest.raises(InputError, match="sc://"), connected(address):
        pass


def test_a_silent_engine_is_refused() -> None:
    """At once, with what else can be done."""
    with pytest.raises(BuildError, match="Nothing answers"), connected("sc://127.0.0.1:1"):
        pass


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import."""
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql.connect.session", None)
    with pytest.raises(InputError, match=r"ringfence\[spark\]"):
        refuse_without_client()
