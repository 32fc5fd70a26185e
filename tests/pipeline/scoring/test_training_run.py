"""A model says what it was learnt from, and none is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.pipeline import tiny
from tests.pipeline.scoring.scored import table

if TYPE_CHECKING:
    import duckdb


def test_a_type_with_few_labels_has_no_scores_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    """No model is invented: the card holds counts and no quality."""
    card = table(con, "models").filter(pl.col("entity_type") == "creator").row(0, named=True)
    assert card["positives"] == tiny.LABELLED["creator"][0]
    assert card["model_version"] is None
    assert card["auprc"] is None
    assert table(con, "scores").filter(pl.col("entity_type") == "creator").is_empty()


def test_unknown_entities_are_counted_as_unknown(con: duckdb.DuckDBPyConnection) -> None:
    """Positives, negatives and unknown add up to the population."""
    for card in table(con, "models").iter_rows(named=True):
        judged = card["positives"] + card["negatives"]
        assert judged + card["unknown"] == tiny.SIZES[card["entity_type"]]


def test_planted_signal_is_found_and_calibrated(con: duckdb.DuckDBPyConnection) -> None:
    """Held-out quality beats the base rate clearly and scores mean what they say."""
    for name in ("merchant", "buyer"):
        card = table(con, "models").filter(pl.col("entity_type") == name).row(0, named=True)
        assert card["auprc"] > 4 * card["base_rate"]
        assert card["auprc_low"] < card["auprc"] < card["auprc_high"]
        bands = table(con, "calibration").filter(pl.col("entity_type") == name)
        for band in bands.iter_rows(named=True):
            assert band["low"] - 0.05 <= band["predicted"] <= band["high"] + 0.05, band
