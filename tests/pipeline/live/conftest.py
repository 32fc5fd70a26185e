"""A small served build, and batches that a drop folder is given."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.inputs import availability, ingest
from pipeline.live.lane import Lane, LanePlace
from pipeline.settings.build import DATABASE
from pipeline.signals.firings import FIRINGS
from pipeline.similarity import lockstep_cores
from pipeline.tables import store
from queries.packs import packs

if TYPE_CHECKING:
    from pathlib import Path


LATE = datetime(2026, 6, 30, 10)  # noqa: DTZ001 - instants of the contract are UTC without zone
"""A moment of the last day of the build."""


@dataclass(frozen=True)
class Drop:
    """A drop folder beside a copy of the build, and raw rows to make batches of."""

    folder: Path
    out: Path
    raw: Path

    def lane(self) -> Lane:
        """A lane that starts now."""
        return Lane(LanePlace(self.folder, self.out))

    def put(self, name: str, rows: pl.DataFrame) -> Path:
        """A complete Parquet file, written a while ago."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        rows.write_parquet(path)
        return settle(path)

    def card_trial(self, buyer: str = "buyer_id_1", at: datetime = LATE) -> pl.DataFrame:
        """Six refused payments of one buyer with six cards within six minutes."""
        rows = pl.read_parquet(self.raw / "declined_payments.parquet").head(6)
        return rows.with_columns(
            attempt_id=pl.Series([f"{buyer}_try_{i}" for i in range(6)]),
            buyer_id=pl.lit(buyer),
            payment_token_id=pl.Series([f"{buyer}_card_{i}" for i in range(6)]),
            attempted_at=pl.Series([at + timedelta(minutes=i) for i in range(6)]),
        )


def settle(path: Path) -> Path:
    """As if nothing had been written to it for a minute."""
    a_minute_ago = time.time() - 60
    os.utime(path, (a_minute_ago, a_minute_ago))
    return path


@pytest.fixture(scope="session")
def served(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a lane reads of the build of the plain delivery: staging, and a silent queue."""
    path = tmp_path_factory.mktemp("served") / DATABASE
    with duckdb.connect(str(path)) as con:
        ingest.write(con, plain, None, lambda *_: None)
        availability.write(con, packs().values())
        as_of = con.execute("select as_of from meta.delivery").fetchall()[0][0]
        row = {"data_fingerprint": ["first"], "as_of": [as_of]}
        store(con, "meta.build", pl.DataFrame(row))
        store(con, "signals.firings", pl.DataFrame(schema=FIRINGS))
        _empty(con, lockstep_cores.TABLE, lockstep_cores.COLUMNS)
        for name in ("alerts/alerts", *queries.names("similarity/")):
            query = queries.get(name)
            _empty(con, query.table, {column.name: column.type for column in query.returns})
    return path


def _empty(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    con.execute(f"create schema if not exists {table.partition('.')[0]}")
    con.execute(f"create table {table} ({', '.join(map(' '.join, columns.items()))})")


def drop_in(folder: Path, served: Path, raw: Path) -> Drop:
    """An empty drop folder beside a copy of the build."""
    (folder / "drop").mkdir()
    (folder / "out").mkdir()
    shutil.copy(served, folder / "out" / served.name)
    return Drop(folder / "drop", folder / "out", raw)


@pytest.fixture
def drop(plain: Path, served: Path, tmp_path: Path) -> Drop:
    """An empty drop folder beside a copy of the build, of a test's own."""
    return drop_in(tmp_path, served, plain)
