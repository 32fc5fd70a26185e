"""Rows of contributions: the values that were seen, the strongest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.explaining import contributions as contribution_rows
from pipeline.explaining import stage as explanations
from tests.pipeline import tiny
from tests.pipeline.explaining.explained import SETTINGS

if TYPE_CHECKING:
    import duckdb
    import pytest


def test_values_are_the_features(con: duckdb.DuckDBPyConnection, parts: pl.DataFrame) -> None:
    """The value shown is the value stored, unknown included."""
    stored = con.sql("select * from features.buyer").pl().filter(pl.col("as_of") == tiny.AS_OF)
    for feature in ("burst_7d", "often_null_30d"):
        own = parts.filter((pl.col("entity_type") == "buyer") & (pl.col("feature") == feature))
        both = own.join(stored, left_on="entity_id", right_on="buyer_id")
        assert both["value"].equals(both[feature].alias("value"), null_equal=True)


def test_ranks_count_down_the_strength(parts: pl.DataFrame) -> None:
    """Rank 1 moves the score most, and ranks are 1..n for everybody."""
    ordered = parts.sort("entity_type", "entity_id", "rank").with_columns(
        size=pl.col("contribution").abs()
    )
    who = ["entity_type", "entity_id"]
    assert (ordered.select(pl.col("size").diff().over(who).max())["size"] <= 0).all()
    assert ordered.select((pl.col("rank") == pl.int_range(1, pl.len() + 1).over(who)).all()).item()


def test_rows_written_in_parts_are_the_same_rows(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few entities are written at once, in the same order."""
    monkeypatch.setattr(contribution_rows, "_ENTITIES_AT_ONCE", 7)
    explanations.write(con, SETTINGS, tiny.unheard)
    assert con.sql("select * from explanations.contributions").pl().equals(parts)
