"""How good a model is, drawn and in a sentence."""

from __future__ import annotations

import polars as pl

from dashboard.charts import quality
from dashboard.theme import DARK, LIGHT


def test_figures_are_transparent_so_that_both_themes_work() -> None:
    """No white box on a dark page."""
    curve = pl.DataFrame({"threshold": [0.5], "recall": [0.5], "precision": [0.8]})
    figure = quality.precision_recall(curve, DARK, base_rate=0.1)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_every_curve_has_a_sentence() -> None:
    """Alt text states the takeaway, and survives empty frames."""
    curve = pl.DataFrame({"threshold": [0.5], "recall": [0.5], "precision": [0.8]})
    assert quality.precision_recall_alt(curve, "Buyer") == (
        "Buyer model: at 50% recall, precision is 80%."
    )
    assert quality.precision_recall_alt(curve.head(0), "Buyer").endswith(".")


def test_no_features_are_an_empty_figure() -> None:
    """No rows is a state, not an error."""
    assert quality.importance(
        pl.DataFrame(schema={"label": pl.String, "mean_abs_contribution": pl.Float64}), LIGHT
    )
