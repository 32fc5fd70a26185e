"""Whoever buys without an account is nobody: the shop has the order, and no buyer has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.laws.asking import features_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

EVERY = 10
IDS = ("entity_id", "buyer_id", "src", "dst", "entity_key")


@pytest.fixture(scope="module")
def guests(
    compact_world: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Features of the small marketplace where every tenth order is a guest's."""
    folder = tmp_path_factory.mktemp("guests")
    for path in compact_world.glob("*.parquet"):
        (folder / path.name).symlink_to(path)
    orders = pl.read_parquet(compact_world / "orders.parquet")
    is_guest = pl.int_range(pl.len()) % EVERY == 0
    (folder / "orders.parquet").unlink()
    orders.with_columns(buyer_id=pl.when(~is_guest).then("buyer_id")).write_parquet(
        folder / "orders.parquet"
    )
    with features_of(folder) as con:
        yield con


def test_a_shop_has_the_orders_of_its_guests(
    guests: duckdb.DuckDBPyConnection, compact_con: duckdb.DuckDBPyConnection
) -> None:
    """Orders and turnover of every shop and listing are as with their names.

    A listing is followed between the latest day and the sample because of odd orders, and
    what is odd about one of them may be its buyer: such a row may be missing, never differ.
    """
    columns = "as_of, orders_30d, gmv_usd_90d"
    named, unnamed = (
        {
            table: one.sql(f"select {table}_id, {columns} from features.{table}").pl()
            for table in ("merchant", "product")
        }
        for one in (compact_con, guests)
    )
    assert_frame_equal(unnamed["merchant"], named["merchant"], check_row_order=False)
    lacking = named["product"].join(unnamed["product"], on=["product_id", "as_of"], how="anti")
    followed = compact_con.sql(
        "select entity_id as product_id, as_of from population.observations "
        "where entity_type = 'product' and not is_sampled "
        "and as_of < (select max(as_of) from features.product)"
    ).pl()
    assert lacking.join(followed, on=["product_id", "as_of"], how="anti").is_empty()
    assert lacking.height < 0.01 * named["product"].height
    kept = named["product"].join(lacking, on=["product_id", "as_of"], how="anti")
    assert_frame_equal(unnamed["product"], kept, check_row_order=False)


def test_nobody_is_no_account(guests: duckdb.DuckDBPyConnection) -> None:
    """No buyer, edge or key without an id, and no feature of one."""
    tables = guests.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where column_name in $ids and schema_name in "
        "('graph', 'population', 'similarity', 'windows', 'surroundings', 'features')",
        {"ids": list(IDS)},
    ).fetchall()
    held = {table for table, _ in tables}
    assert {"graph.edges", "features.buyer", "windows.buyer_rhythms"} <= held
    nameless = {
        f"{table}.{column}": guests.execute(
            f'select count(*) from {table} where "{column}" is null'
        ).fetchall()[0][0]
        for table, column in tables
    }
    assert {name: rows for name, rows in nameless.items() if rows} == {}


def test_guests_of_a_shop_are_not_one_busy_buyer(
    guests: duckdb.DuckDBPyConnection, compact_con: duckdb.DuckDBPyConnection
) -> None:
    """Orders per buyer in a shop's busiest hour never rise for want of a name."""
    sql = "select merchant_id, as_of, hour_orders_per_buyer_30d as peak from features.merchant"
    named, unnamed = compact_con.sql(sql).pl(), guests.sql(sql).pl()
    both = unnamed.join(named, on=["merchant_id", "as_of"], suffix="_named")
    assert both.height == unnamed.height
    assert both.filter(pl.col("peak") > pl.col("peak_named")).is_empty()
