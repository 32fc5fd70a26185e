"""Everybody has one score at every snapshot, within 0..1, with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.settings.build import BandSettings
from tests.pipeline.scoring.scored import table

if TYPE_CHECKING:
    import duckdb


def test_rows_in_are_rows_out(con: duckdb.DuckDBPyConnection) -> None:
    """Every snapshot row of a type with a model is scored exactly once."""
    for name in ("merchant", "buyer"):
        rows = con.sql(f"select {name}_id as entity_id, as_of from features.{name}").pl()
        scored = table(con, "scores").filter(pl.col("entity_type") == name)
        assert scored.select("entity_id", "as_of").sort(pl.all()).equals(rows.sort(pl.all()))


def test_scores_are_probabilities_with_their_band(con: duckdb.DuckDBPyConnection) -> None:
    """Scores lie in 0..1 and rise with the margin; the band follows the score."""
    scored = table(con, "scores").sort("entity_type", "margin")
    assert scored["score"].is_between(0, 1).all()
    assert scored["raw_score"].is_between(0, 1).all()
    rises = scored.group_by("entity_type").agg(pl.col("score").diff().min())
    assert (rises["score"] >= 0).all()
    bands = BandSettings()
    critical, low = ((pl.col("score_band") == word) for word in ("CRIT", "LOW"))
    assert scored.select((critical == (pl.col("score") >= bands.critical)).all()).item()
    assert scored.select((low == (pl.col("score") < bands.medium)).all()).item()
