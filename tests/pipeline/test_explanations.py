"""Laws of the explanations stage: base plus contributions is the margin; peers are real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline import explanations, scores
from pipeline.settings import ModelSettings, Settings
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

SETTINGS = Settings(model=ModelSettings(trees=30))


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Scored and explained."""
    made = tiny.build()
    scores.write(made, SETTINGS, tiny.unheard, known=[])
    explanations.write(made, SETTINGS, tiny.unheard)
    return made


@pytest.fixture(scope="module")
def parts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every contribution."""
    found: pl.DataFrame = con.sql("select * from explanations.contributions").pl()
    return found


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


def test_values_are_the_features(con: duckdb.DuckDBPyConnection, parts: pl.DataFrame) -> None:
    """The value shown is the value stored, unknown included."""
    stored = con.sql("select * from features.buyer").pl().filter(pl.col("as_of") == tiny.AS_OF)
    for feature in ("burst_7d", "often_null_30d"):
        shown = parts.filter((pl.col("entity_type") == "buyer") & (pl.col("feature") == feature))
        both = shown.join(stored, left_on="entity_id", right_on="buyer_id")
        assert both["value"].equals(both[feature].alias("value"), null_equal=True)


def test_ranks_count_down_the_strength(parts: pl.DataFrame) -> None:
    """Rank 1 moves the score most, and ranks are 1..n for everybody."""
    ordered = parts.sort("entity_type", "entity_id", "rank").with_columns(
        size=pl.col("contribution").abs()
    )
    who = ["entity_type", "entity_id"]
    assert (ordered.select(pl.col("size").diff().over(who).max())["size"] <= 0).all()
    assert ordered.select((pl.col("rank") == pl.int_range(1, pl.len() + 1).over(who)).all()).item()


def test_peers_are_the_group_or_everybody(parts: pl.DataFrame) -> None:
    """A group of ten is too small to compare with; then everybody of the type is meant."""
    sellers = parts.filter(pl.col("entity_type") == "merchant")
    groups = dict(sellers.select("peer_group", "peer_count").unique().iter_rows())
    assert groups == {"US / home": 150, "all merchants": 160}
    lonely = sellers.filter(pl.col("entity_id") == tiny.name("merchant", 0))
    assert lonely["peer_group"].unique().to_list() == ["all merchants"]


def test_peer_quartiles_are_those_of_the_group(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """Median and quartiles recompute from the feature table."""
    values = (
        con.sql("select * from features.merchant")
        .pl()
        .filter(
            (pl.col("as_of") == tiny.AS_OF) & (pl.col("merchant_id") >= tiny.name("merchant", 10))
        )["order_count_30d"]
    )
    shown = parts.filter(
        (pl.col("feature") == "order_count_30d")
        & (pl.col("peer_group") == "US / home")
        & (pl.col("entity_type") == "merchant")
    ).row(0, named=True)
    assert shown["peer_median"] == pytest.approx(values.median())
    assert shown["peer_low"] == pytest.approx(values.quantile(0.25, "linear"))
    assert shown["peer_high"] == pytest.approx(values.quantile(0.75, "linear"))


def test_the_planted_feature_matters_most(con: duckdb.DuckDBPyConnection) -> None:
    """Global importance puts a feature that was planted above the noise."""
    ranked = con.sql("select * from explanations.global_importance order by rank").pl()
    for kind in ("merchant", "buyer"):
        names = ranked.filter(pl.col("entity_type") == kind)["feature"].to_list()
        assert names[0] in {"burst_7d", "shared_device_rate_30d"}
        assert len(names) == 5
