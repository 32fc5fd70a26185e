"""Two models on the same verdicts: what one alone reaches is the difference, and how sure it is."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.evaluation.paired import COMPARISON, Judged, comparison
from pipeline.settings.models import EvaluationSettings

SETTINGS = EvaluationSettings(tops=(0.05,))


def judged(in_use: list[float], challenger: list[float], is_bad: list[bool]) -> Judged:
    """Everybody reviewed, everybody alone."""
    bad = np.array(is_bad)
    everybody = np.ones(bad.size, dtype=np.bool_)
    return Judged(
        np.array(in_use), np.array(challenger), bad, everybody, np.arange(bad.size, dtype=np.int64)
    )


def rows(*args: list[float], is_bad: list[bool]) -> dict[str, dict[str, float]]:
    """By measure."""
    return {one["measure"]: one for one in comparison(judged(*args, is_bad), SETTINGS)}


def test_shares_are_those_of_the_rows() -> None:
    """By hand: two of three bad ones reached by one, one of three by the other."""
    both = rows([0.01, 0.02, 0.5, 0.03], [0.01, 0.6, 0.5, 0.7], is_bad=[True, True, True, False])
    assert both["recall"]["in_use"] == pytest.approx(2 / 3)
    assert both["recall"]["challenger"] == pytest.approx(1 / 3)
    assert both["recall"]["difference"] == pytest.approx(-1 / 3)
    assert both["precision"]["in_use"] == pytest.approx(2 / 3)
    assert both["precision"]["challenger"] == 1.0
    frame = pl.DataFrame([{"entity_type": "buyer", **one} for one in both.values()], COMPARISON)
    assert frame["entities"].to_list() == [4, 4]


def test_the_same_model_differs_by_nothing() -> None:
    """The interval of the difference lies about zero, far within those of the two."""
    random = np.random.default_rng(3)
    places = random.random(200).tolist()
    both = rows(places, places, is_bad=(random.random(200) < 0.5).tolist())
    for one in both.values():
        assert one["difference"] == 0.0
        assert one["difference_low"] < 0.0 < one["difference_high"]
        assert (
            one["difference_high"] - one["difference_low"] < one["in_use_high"] - one["in_use_low"]
        )


def test_one_more_found_is_no_proof_and_thirty_are() -> None:
    """A single bad one that one model alone reaches leaves open which is better."""
    count = 60
    reached, missed = [0.01] * count, [0.9]
    bad = [True] * count
    one_less = rows(reached, reached[1:] + missed, is_bad=bad)["recall"]
    assert one_less["difference"] == pytest.approx(-1 / count)
    assert one_less["difference_high"] > 0.0
    many_less = rows(reached, reached[30:] + missed * 30, is_bad=bad)["recall"]
    assert many_less["difference_high"] < -0.3


def test_nobody_in_the_first_places_is_no_precision() -> None:
    """Null and no difference, instead of a share of nobody."""
    row = rows([0.9, 0.9], [0.01, 0.9], is_bad=[True, False])["precision"]
    assert "in_use" not in row
    assert row["challenger"] == 1.0
    assert "difference" not in row
