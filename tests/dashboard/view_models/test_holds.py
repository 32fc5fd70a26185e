"""What holds a score is evidence to check, and nothing found is said."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.holds import HoldsView
from pipeline.tree_model.counterfactuals import Step


def test_findings_are_evidence_to_check_never_advice() -> None:
    """The score after all of them, each value with the one that would do."""
    steps = [Step("orders_1d", 40.0, 3.0, 0.5), Step("refund_rate_30d", 0.2, 0.1, 0.3)]
    view = HoldsView.of("merchant", 0.4, steps, pl.DataFrame())
    assert view.headline == (
        "If these two findings were wrong, the score would fall to 0.300, under its line at 0.400. "
        "Check them:"
    )
    assert (
        view.findings[0].sentence == "40 here; were it really 3 or fewer, the score would be 0.500"
    )
    assert not view.is_near_edge


def test_no_small_set_is_said() -> None:
    """Nothing found is a sentence."""
    view = HoldsView.of("merchant", 0.7, None, pl.DataFrame())
    assert "No small set of findings holds it above its line at 0.700" in view.headline


def test_near_a_line_the_models_are_quoted() -> None:
    """The spread of five models and the edge between them."""
    row = {"score_low": 0.38, "score_high": 0.46, "is_near_edge": True, "edge": 0.4}
    view = HoldsView.of("merchant", 0.4, [], pl.DataFrame([row]))
    assert view.is_near_edge
    assert "between 0.380 and 0.460, and a line lies at 0.400" in view.near_text
