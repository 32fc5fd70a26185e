"""A feature may know only what was known: deleting the future must not change it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import queries
from queries.vocabulary import ENTITY_TYPES
from tests.laws.asking import features_of
from tests.laws.past import cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

WITH_SESSIONS = ("engagement_minutes", "live_comments")
"""Delivered with the stream they belong to, when it has ended."""


@pytest.fixture(scope="module")
def past(
    compact_world: Path, compact_built: Report, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, date]]:
    """Features of the marketplace as it stood at a snapshot four weeks before its last day."""
    with queries.connect(compact_built.database) as now:
        latest = compact_built.as_of - timedelta(days=28)
        sql = "select max(as_of) from features.merchant where as_of <= $latest"
        as_of = queries.scalar(now, sql, {"latest": latest})
    folder, moment = tmp_path_factory.mktemp("past"), datetime.combine(as_of, time())
    left: dict[str, pl.DataFrame] = {}
    for path in compact_world.glob("*.parquet"):
        left[path.stem] = cut(pl.read_parquet(path), path.stem, moment)
    for table in WITH_SESSIONS:
        left[table] = left[table].join(left["live_sessions"], on="live_session_id", how="semi")
    ordered = pl.col("order_id").is_in(left["orders"]["order_id"].implode())
    left["declined_payments"] = left["declined_payments"].with_columns(
        order_id=pl.when(ordered).then("order_id")  # an attempt may precede its order
    )
    for table, frame in left.items():
        frame.write_parquet(folder / f"{table}.parquet")
    with features_of(folder) as con:
        yield con, as_of


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_deleting_the_future_changes_no_feature(
    entity_type: str, past: tuple[duckdb.DuckDBPyConnection, date], compact_built: Report
) -> None:
    """Every feature at a past snapshot equals the one taken with the future unknown.

    Whom it describes may be chosen later: of buyers a sample, then everybody.
    """
    then, as_of = past
    sql = f"select * from features.{entity_type} where as_of = $as_of order by {entity_type}_id"
    with queries.connect(compact_built.database) as now:
        found = now.sql(sql, params={"as_of": as_of}).pl()
    expected = then.sql(sql, params={"as_of": as_of}).pl()
    assert found.height > max(20, 0.4 * expected.height)
    shared = expected.join(found, on=f"{entity_type}_id", how="semi", maintain_order="left")
    assert_frame_equal(found, shared, rel_tol=1e-9)
