"""How good a model is, drawn and in a sentence."""

from __future__ import annotations

import polars as pl

from dashboard.charts import quality
from dashboard.theme import DARK, LIGHT


def test_figures_are_transparent_so_that_both_themes_work() -> None:
    """No white box on a dark page."""
    bins = pl.DataFrame({"predicted": [0.1], "observed": [0.2], "entities": [40]})
    figure = quality.calibration(bins, DARK)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_every_curve_has_a_sentence() -> None:
    """Alt text states the takeaway, and survives empty frames."""
    curve = pl.DataFrame({"threshold": [0.5], "recall": [0.5], "precision": [0.8]})
    bins = pl.DataFrame({"predicted": [0.1], "observed": [0.3], "entities": [40]})
    assert quality.precision_recall_alt(curve, "Buyer") == (
        "Buyer model: at 50% recall, precision is 80%."
    )
    assert "20.0%" in quality.calibration_alt(bins, "Buyer")
    for empty in (
        quality.precision_recall_alt(curve.head(0), "Buyer"),
        quality.calibration_alt(bins.head(0), "Buyer"),
    ):
        assert empty.endswith(".")


def test_no_features_are_an_empty_figure() -> None:
    """No rows is a state, not an error."""
    assert quality.importance(
        pl.DataFrame(schema={"label": pl.String, "mean_abs_contribution": pl.Float64}), LIGHT
    )
