"""Where the machine stands changes no row: the same delivery, built in Tokyo and in Los Angeles."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
ZONES = ("Asia/Tokyo", "America/Los_Angeles")
OF_THE_RUN = {"build", "stages"}
"""Tables of `meta` that hold how long the build took."""
TABLES = "select schema_name, table_name from duckdb_tables() where database_name = $name"


def built_in(zone: str, data: Path, out: Path) -> Path:
    """The database that `ringfence build` makes on a machine of that zone."""
    command = [sys.executable, "-m", "dashboard.cli", "build", "--data", data, "--out", out]
    subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env={**os.environ, "TZ": zone, "RINGFENCE_CASEBOOK": ""},
        check=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    return out / "ringfence.duckdb"


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


def contents(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, tuple[int, int, int]]:
    """Rows of each table, and two sums of their hashes that no order of rows changes."""
    con.execute("set timezone = 'UTC'")
    tables = con.execute(TABLES, {"name": name}).fetchall()
    sums = "count(*), sum(hash(t)::hugeint), bit_xor(hash(t))"
    return {
        f"{schema}.{table}": con.execute(
            f"select {sums} from (select t from {name}.{schema}.{table} as t)"
        ).fetchall()[0]
        for schema, table in tables
        if not (schema == "meta" and table in OF_THE_RUN)
    }


def test_no_row_depends_on_the_zone_of_the_machine(tiny_world: Path, tmp_path: Path) -> None:
    """Every table of both builds has the same rows, and those of orders are the delivered ones."""
    data = with_zones(tiny_world, tmp_path / "data")
    with duckdb.connect() as con:
        for name, zone in zip(("east", "west"), ZONES, strict=True):
            con.execute(f"attach '{built_in(zone, data, tmp_path / name)}' as {name} (read_only)")
        east, west = contents(con, "east"), contents(con, "west")
        sql = "select order_id, created_at from west.staging.order_attempts"
        staged = con.sql(sql).pl()
    assert len(east) > 150
    assert {name for name in east | west if east.get(name) != west.get(name)} == set()
    delivered = pl.read_parquet(tiny_world / "orders.parquet", columns=["order_id", "created_at"])
    both = staged.join(delivered, on="order_id", suffix="_delivered")
    assert both.height > 1_000
    assert (both["created_at"] == both["created_at_delivered"]).all()
