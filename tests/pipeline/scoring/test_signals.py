"""Signals that fire add up to a strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.pipeline.scoring.scored import table

if TYPE_CHECKING:
    import duckdb


def test_strength_is_a_noisy_or_of_fired_signals(con: duckdb.DuckDBPyConnection) -> None:
    """Two signals of 0.5 and 0.6 make 0.8; one entity has one primary typology."""
    both = table(con, "signals").filter(pl.col("typology") == "T1_BRUSHING")
    twice = both.group_by("entity_id").len().filter(pl.col("len") == 2)["entity_id"]
    assert len(twice) > 0
    strengths = table(con, "typologies")
    strong = strengths.filter(
        pl.col("entity_id").is_in(twice.implode()) & (pl.col("typology") == "T1_BRUSHING")
    )
    assert strong["strength"].round(12).unique().to_list() == [0.8]
    assert strong["is_primary"].all()
    primary = strengths.group_by("entity_type", "entity_id").agg(pl.col("is_primary").sum())
    assert primary["is_primary"].unique().to_list() == [1]
