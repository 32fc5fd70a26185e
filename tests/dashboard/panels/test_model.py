"""The model card: intervals, ceilings and heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_model_page_shows_intervals_ceilings_and_heads(open_page: Open) -> None:
    """What it was measured on, how sure each figure is, and which schemes have a model."""
    app = open_page("model", {"entity_type": "merchant"})
    quality, heads = app.dataframe[0].value, app.dataframe[1].value
    assert quality["label"].to_list() == ["AUPRC", "Precision of the first 36"]
    assert quality["interval"].to_list() == ["0.600 to 0.800"] * 2
    assert quality["ceiling"].fillna(0.0).to_list() == [0.0, 0.9]
    assert heads["how"].to_list() == ["Own model", "Signals: too few matured verdicts"]
    assert "Calibrated and measured on the later verdicts" in plain_words(app)
