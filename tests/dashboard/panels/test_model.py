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
    assert quality["label"].to_list()[:2] == ["AUPRC", "Precision of the first 36"]
    assert quality["interval"].to_list() == ["0.60 to 0.80"] * 2 + ["0.10 to 0.80"]
    assert quality["ceiling"].fillna(0.0).to_list() == [0.0, 0.9, 0.9]
    assert heads["how"].to_list() == ["Own model", "Signals: too few matured verdicts"]
    words = plain_words(app)
    assert "About 10.0% are bad, between 5.0% and 16.0%: 7 found in 50 random checks" in words
    assert "judged an earlier model" in plain_words(app)


def test_what_verdicts_cannot_say_has_no_figure(open_page: Open) -> None:
    """An interval of 0.1 to 0.8 is shown, a value in its middle is not, and a sentence says why."""
    app = open_page("model", {"entity_type": "merchant"})
    quality = app.dataframe[0].value
    assert quality["value"].isna().to_list() == [False, False, True]
    assert "too few to say a figure for Recall of the first 36" in plain_words(app)


def test_a_score_outside_what_verdicts_bear_out_is_called_wrong(open_page: Open) -> None:
    """0.9 against 0.3 to 0.7 is too high, 0.1 too low, 0.5 fits."""
    app = open_page("model", {"entity_type": "merchant"})
    tables = [one.value for one in app.dataframe]
    bands = next(table for table in tables if "predicted" in table)
    assert bands["verdict"].to_list() == ["too high", "fits", "too low"]
