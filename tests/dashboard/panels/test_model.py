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


def test_scores_are_followed_week_by_week(open_page: Open) -> None:
    """What verdicts said, what was expected, what the lot found below, how soon labels come."""
    app = open_page("model", {"entity_type": "merchant"})
    said = plain_words(app)
    assert "70.0% of 20 reviews called bad in 2 weeks" in said
    assert "1 week still without all verdicts" in said
    assert "they expected 80.0% of the reviewed to be bad and 70.0% were" in said
    assert "below the first 5 %: 3 of 80 called bad" in said
    assert "The lot drew 3 in all, 2 called bad by the first verdict: 1 (1 called bad)" in said
    assert "1 verdict has been changed to good since" in said
    arrivals = next(one.value for one in app.dataframe if "nine_tenths" in one.value)
    assert arrivals[["half", "nine_tenths", "longest"]].to_numpy().tolist() == [[9, 17, 19]]


def test_recall_is_a_choice_of_the_address(open_page: Open) -> None:
    """A link to it shows it."""
    said = plain_words(open_page("model", {"entity_type": "merchant", "measure": "recall"}))
    assert "50.0% of 28 bad ones reached" in said


def test_a_type_nobody_followed_says_what_it_needs(open_page: Open) -> None:
    """Without a week there is no figure."""
    said = plain_words(open_page("model", {"entity_type": "buyer"}))
    assert "Nothing was followed" in said
