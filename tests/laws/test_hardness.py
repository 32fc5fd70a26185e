"""The sample marketplace can embarrass the tool: no single number convicts anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from queries.catalogue import ENTITY_TYPES, features
from sample_data.measuring import separation

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

HARDEST = 0.9
"""Area under the ROC curve that no single feature may exceed."""


@pytest.fixture(scope="module")
def truth(small_world: Path) -> pl.DataFrame:
    """Every planted entity."""
    return pl.read_parquet(small_world / "truth" / "truth.parquet")


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_no_single_feature_separates_bad_from_good(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame, entity_type: str
) -> None:
    """Alone, every feature of every entity type leaves bad and good mixed."""
    key = f"{entity_type}_id"
    latest = f"select * from features.{entity_type} where as_of = (select as_of from meta.build)"
    rows: pl.DataFrame = con.sql(latest).pl()
    wrong = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    bad = wrong.filter(pl.col("entity_type") == entity_type)["entity_id"].unique()
    found = separation(rows, list(features(entity_type)), rows[key].is_in(bad.implode()).to_numpy())
    assert found["auc"][0] <= HARDEST, found.head(3).rows()


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_look_alikes_outnumber_the_bad(truth: pl.DataFrame, entity_type: str) -> None:
    """Honest entities that look bad are at least twice as many as bad ones."""
    mine = truth.filter(pl.col("entity_type") == entity_type)
    alike = mine.filter(pl.col("is_hard_negative"))["entity_id"].n_unique()
    wrong = mine.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    assert alike >= 2 * wrong["entity_id"].n_unique() > 0
