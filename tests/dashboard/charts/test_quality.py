"""How good a model is, drawn and in a sentence."""

from __future__ import annotations

import polars as pl

from dashboard.charts import quality
from dashboard.charts.waterfall import ODDS, margin_unit
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


def test_points_of_another_model_are_drawn_as_points() -> None:
    """A point of theirs multiplies no odds: neither axis, numbers nor hover speak of any."""
    rows = pl.DataFrame({"label": ["A", "B"], "mean_abs_contribution": [45_449.0, 12.0]})
    unit = margin_unit(rows["mean_abs_contribution"], is_log_odds=False)
    drawn = quality.importance(rows, LIGHT, unit)
    assert "odds" not in str(drawn.to_dict())
    assert [said for _, said in drawn.data[0].customdata] == ["12", "45,449"]
    ours = quality.importance(rows.tail(1), LIGHT, margin_unit([1.0], is_log_odds=True))
    assert "Times the odds" in ours.layout.xaxis.title.text


def test_no_features_are_an_empty_figure() -> None:
    """No rows is a state, not an error."""
    assert quality.importance(
        pl.DataFrame(schema={"label": pl.String, "mean_abs_contribution": pl.Float64}), LIGHT, ODDS
    )
