"""What was planted matters most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import duckdb


def test_the_planted_feature_matters_most(con: duckdb.DuckDBPyConnection) -> None:
    """Global importance puts a feature that was planted above the noise."""
    ranked = con.sql("select * from explanations.global_importance order by rank").pl()
    for entity_type in ("merchant", "buyer"):
        names = ranked.filter(pl.col("entity_type") == entity_type)["feature"].to_list()
        assert names[0] in {"burst_7d", "shared_device_rate_30d"}
        assert len(names) == 5
