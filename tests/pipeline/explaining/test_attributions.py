"""Contributions and base are the margin of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb


def test_base_plus_contributions_is_the_margin(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """For every scored entity of the latest snapshot, to one part in a million."""
    bases = con.sql("select entity_type, base_margin from explanations.bases").pl()
    latest = con.sql("select * from scores.scores").pl().filter(pl.col("as_of") == tiny.AS_OF)
    total = parts.group_by("entity_type", "entity_id").agg(pl.col("contribution").sum())
    both = latest.join(total, on=["entity_type", "entity_id"]).join(bases, on="entity_type")
    assert both.height == latest.height
    gap = both["contribution"] + both["base_margin"] - both["margin"]
    assert (gap.abs() <= 1e-6 * both["margin"].abs().clip(1e-3)).all()
