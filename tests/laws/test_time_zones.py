"""Who builds a delivery again, wherever the machine stands, has the same rows to the last bit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.build import Report

ROOT = Path(__file__).parents[2]
ELSEWHERE = "Asia/Tokyo" if time.timezone > 0 else "America/Los_Angeles"
"""Far from here, on the other side of UTC if we are not there ourselves."""
BUILD = """
import sys
from pathlib import Path
from pipeline.build import Order, build
from tests.every_table import EVERY_TABLE
build(Order(Path(sys.argv[1]), Path(sys.argv[2]), EVERY_TABLE))
"""
TABLES = "select schema_name || '.' || table_name from duckdb_tables() where database_name = $name"


def with_zones(world: Path, out: Path) -> Path:
    """The delivery as a warehouse writes it: instants of orders with a zone, reviews with offsets.

    Reviews are text, as in a CSV of a shop in Jakarta.
    """
    shutil.copytree(world, out)
    orders = pl.read_parquet(out / "orders.parquet")
    instants = pl.col("created_at", "paid_at", "cancelled_at")
    orders.with_columns(instants.dt.replace_time_zone("UTC")).write_parquet(out / "orders.parquet")
    reviews = pl.read_parquet(out / "reviews.parquet")
    local = (
        pl.col("created_at")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("Asia/Jakarta")
        .dt.to_string("%Y-%m-%dT%H:%M:%S%.6f+07:00")
    )
    reviews.with_columns(local).write_csv(out / "reviews.csv")
    (out / "reviews.parquet").unlink()
    return out


@pytest.fixture(scope="module")
def both(
    compact_built: Report, compact_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build as `here`; as `there` one of another process, of another zone, from zoned files."""
    folder = tmp_path_factory.mktemp("twin")
    data = with_zones(compact_world, folder / "data")
    subprocess.run(
        [sys.executable, "-c", BUILD, str(data), str(folder)],
        cwd=ROOT,
        env={**os.environ, "TZ": ELSEWHERE, "RINGFENCE_CASEBOOK_URL": ""},
        check=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    with duckdb.connect() as con:
        con.execute(f"attach '{compact_built.database}' as here (read_only)")
        con.execute(f"attach '{folder / 'ringfence.duckdb'}' as there (read_only)")
        yield con


def contents(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, tuple[int, int, int]]:
    """Rows of each table, and two sums of their hashes that no order of rows changes.

    The fingerprint that names a build is of the delivered bytes, and those are others.
    """
    con.execute("set timezone = 'UTC'")
    sums = "count(*), sum(hash(t)::hugeint), bit_xor(hash(t))"
    rows = "select columns(lambda c: c not in ('data_fingerprint', 'build')) from"
    return {
        table: con.execute(f"select {sums} from ({rows} {name}.{table}) as t").fetchall()[0]
        for (table,) in con.execute(TABLES, {"name": name}).fetchall()
    }


def test_a_build_depends_on_what_was_delivered_alone(both: duckdb.DuckDBPyConnection) -> None:
    """Every table has the same rows, to the last bit of the last number."""
    here, there = contents(both, "here"), contents(both, "there")
    assert len(here) > 150
    assert {name for name in here | there if here.get(name) != there.get(name)} == set()


def test_orders_keep_the_instants_that_were_delivered(
    both: duckdb.DuckDBPyConnection, compact_world: Path
) -> None:
    """Not those of the machine's own clock."""
    staged = both.sql("select order_id, created_at from there.staging.order_attempts").pl()
    delivered = pl.read_parquet(
        compact_world / "orders.parquet", columns=["order_id", "created_at"]
    )
    joined = staged.join(delivered, on="order_id", suffix="_delivered")
    assert joined.height > 1_000
    assert (joined["created_at"] == joined["created_at_delivered"]).all()
