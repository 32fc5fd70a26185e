"""What the live lane says of the last day is what a build says that knows it."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.live.drop import BatchFile, snapshot
from pipeline.live.engine import Engine
from pipeline.live.event_times import newest
from pipeline.live.intake import Intake
from pipeline.live.parts import PARTS
from pipeline.settings.build import Settings
from pipeline.settings.inputs import InputSettings
from pipeline.settings.live import LiveSettings
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.build import Report

KEY = ["entity_type", "entity_id", "typology", "code"]
NOT_EVENTS = ("markets", "placeholders", "display_currency", "calendar", "model_releases")
"""Tables of which the day says nothing about when a row became known."""


BATCHES = 3


@pytest.fixture(scope="module")
def engine(
    built: Report, small_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, pl.DataFrame, pl.DataFrame]]:
    """Beside a build without its last day, which came in batches; who it is about, what fired."""
    folder = tmp_path_factory.mktemp("last_day")
    midnight = datetime.combine(built.as_of, datetime.min.time()) - timedelta(days=1)
    path = folder / built.database.name
    shutil.copy(built.database, path)
    rows_of = {
        name: _of_last_day(small_world / f"{name}.parquet", name, midnight)
        for name in raw_tables()
        if name not in NOT_EVENTS and (small_world / f"{name}.parquet").exists()
    }
    arrived = {
        name: _checked(folder / f"{name}.parquet", name, rows, built)
        for name, rows in rows_of.items()
        if len(rows)
    }
    assert len(arrived["orders"]) > BATCHES
    with duckdb.connect(str(path)) as con:
        for name, rows in arrived.items():
            _take_out(con, name, rows)
    engine = Engine(path, Settings(), LiveSettings())
    try:
        for number in range(BATCHES):
            for name, rows in arrived.items():
                engine.overlay.take(name, rows.gather_every(BATCHES, number))
            engine.overlay.lay()
            subjects = _subjects(engine, arrived)
            fired = engine.evaluate(built.as_of, subjects)
        yield engine, subjects, fired
    finally:
        engine.close()


def test_signals_of_arrived_rows_are_those_of_the_build(
    built: Report, engine: tuple[Engine, pl.DataFrame, pl.DataFrame]
) -> None:
    """The last day, taken out of a copy of the build and handed in: not one differs."""
    lane, subjects, fired = engine
    asked = [one.code for pack in lane.packs for one in pack.signals]
    expected = (
        lane.con.sql("from served.signals.firings")
        .pl()
        .filter(pl.col("as_of") == built.as_of, pl.col("code").is_in(asked))
        .join(subjects, on=["entity_type", "entity_id"], how="semi")
        .select(KEY)
    )
    assert len(expected) > 50
    assert fired.select(KEY).sort(KEY).equals(expected.sort(KEY))


def test_a_table_made_in_part_is_the_whole_table(
    built: Report, engine: tuple[Engine, pl.DataFrame, pl.DataFrame]
) -> None:
    """After several batches every table has the rows that it has when all are made anew."""
    lane, subjects, _ = engine
    tables = [step.replace("/", ".") for step in lane.steps]
    assert set(PARTS) <= set(tables)
    lane.con.execute("create schema batches")
    for table in tables:
        copy = table.replace(".", "_")
        lane.con.execute(f"create table batches.{copy} as from {table}")
    lane.refresh.forget()
    lane.evaluate(built.as_of, subjects)
    differing = {}
    for table in tables:
        copy = f"batches.{table.replace('.', '_')}"
        both = f"(from {copy} except all from {table}) union all "
        both += f"(from {table} except all from {copy})"
        rows = queries.scalar(lane.con, f"select count(*) from ({both})")
        if rows:
            differing[table] = rows
    assert not differing


def _subjects(engine: Engine, arrived: dict[str, pl.DataFrame]) -> pl.DataFrame:
    timed = [
        engine.overlay.touched(name, rows.with_columns(newest(name).alias("event_at")))
        for name, rows in arrived.items()
    ]
    return pl.concat(timed).select("entity_type", "entity_id").unique()


def _of_last_day(path: Path, name: str, midnight: datetime) -> pl.DataFrame:
    """Raw rows that came, or that something came to, on the last day."""
    timed = pl.read_parquet(path).with_columns(newest(name).alias("_newest"))
    return timed.filter(pl.col("_newest") >= midnight).drop("_newest")


def _checked(path: Path, name: str, rows: pl.DataFrame, built: Report) -> pl.DataFrame:
    """The rows as the lane takes them from a file."""
    rows.write_parquet(path)
    intake = Intake(built.as_of - timedelta(days=365), built.as_of, InputSettings())
    with snapshot(BatchFile.of(path, path.parent, name, path.stat())) as copy:
        batch = intake.read(copy, path.parent)
    assert not batch.problem
    return batch.tables[name]


def _take_out(con: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    """Delete the rows of these keys from every staging table that holds them."""
    contract = raw_tables()[name]
    con.register("_rows", rows)
    for query in map(queries.get, queries.names("staging/")):
        columns = {column.name for column in query.returns}
        if f"raw.{name}" in queries.reads(query.name) and set(contract.key) <= columns:
            same = " and ".join(f'r."{key}" = t."{key}"' for key in contract.key)
            gone = f"exists (select 1 from _rows as r where {same})"
            con.execute(f"delete from {query.table} as t where {gone}")
    con.unregister("_rows")
