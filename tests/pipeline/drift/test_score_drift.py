"""Parts of a change of scores add up; a distribution put back is the one that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.drift.score_drift import Decided, Window, put_back, score_parts
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from tests.pipeline.forest import SHAPES, forest, rows

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))


def window(random: np.random.Generator, rows: int, groups: int) -> Window:
    """Contributions of three features, a group for each subject."""
    parts = random.normal(size=(rows, 3))
    names = pl.Series("group", [f"g{one}" for one in random.integers(0, groups, rows)])
    return Window(parts, parts, names)


@settings(max_examples=50, deadline=None)
@given(sizes)
def test_who_came_and_behaviour_add_up(drawn: tuple[int, int, int]) -> None:
    """Each feature's two parts to its change, features to the mean margin, to 1e-9."""
    before_rows, after_rows, seed = drawn
    random = np.random.default_rng(seed)
    before, after = window(random, before_rows, 3), window(random, after_rows, 5)
    parts = score_parts(before, after, ("a", "b", "c"))
    rest = parts["change"] - parts["who_came"] - parts["behaviour"]
    assert rest.abs().max() == pytest.approx(0.0, abs=1e-9)
    margins = [one.parts.sum(axis=1).mean() for one in (before, after)]
    assert parts["change"].sum() == pytest.approx(margins[1] - margins[0], abs=1e-9)


def test_other_subjects_of_the_same_conduct_are_mix_alone() -> None:
    """Groups that behave as before in other numbers: all of it is who came."""
    both = {"calm": 0.0, "rough": 2.0}
    windows = []
    for counts in ((30, 10), (10, 30)):
        names = [name for name, count in zip(both, counts, strict=True) for _ in range(count)]
        parts = np.array([[both[name]] for name in names])
        windows.append(Window(parts, parts, pl.Series("group", names)))
    (row,) = score_parts(*windows, ("a",)).iter_rows(named=True)
    assert (row["who_came"], row["behaviour"]) == pytest.approx((1.0, 0.0))


@settings(max_examples=50, deadline=None)
@given(sizes)
def test_what_is_put_back_has_the_values_and_the_order(drawn: tuple[int, int, int]) -> None:
    """Values are those of the reference, ranks those of today, the unknown stay unknown."""
    before, now, seed = drawn
    random = np.random.default_rng(seed)
    then, values = random.normal(size=before), random.normal(3.0, 2.0, size=now)
    values[0] = np.nan
    found = put_back(then, values)
    assert np.isnan(found[0])
    assert np.isin(found[1:], then).all()
    assert (np.diff(found[1:][np.argsort(values[1:], kind="stable")]) >= 0.0).all()
    assert put_back(np.array([np.nan]), values) == pytest.approx(values, nan_ok=True)


def test_a_sample_put_back_onto_itself_stays() -> None:
    """Without a drift nothing changes, ties included."""
    values = np.array([0.0, 0.0, 1.0, 5.0, 5.0, 9.0])
    assert put_back(values, values) == pytest.approx(values)


@dataclass(frozen=True)
class FirstColumn:
    """Trees whose margin is the first feature; a value is its own cell."""

    def codes(self, matrix: np.ndarray) -> np.ndarray:
        """Feature by feature."""
        return matrix.T.copy()

    def cells_of(self, _feature: int, values: np.ndarray) -> np.ndarray:
        """Themselves."""
        return values

    def margin_of(self, codes: np.ndarray) -> np.ndarray:
        """The first feature."""
        return codes[0]


def test_alerts_that_a_drift_makes_are_counted() -> None:
    """Two of four subjects are over the bar only since the feature rose."""
    then = np.array([[-2.0], [-1.0], [-0.5], [1.0]])
    now = np.array([[-1.0], [0.5], [1.0], [2.0]])
    decided = Decided(FirstColumn(), Calibration(1.0, 0.0), 0.5, then, now)
    assert decided.by([0]) == (3, 2, 0)
    assert decided.by([]) == (3, 0, 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_put_back_is_scored_as_if_it_were_there(shape: dict[str, Any]) -> None:
    """Gained and lost are those of the whole matrix scored anew, gaps and zeros included."""
    booster, then, now = forest(**shape), rows(800, seed=5), rows(900, seed=6)
    now[:, 0] += 0.4
    now[:, 5] *= 2.0
    trees = TreeModel.of(booster.model_to_string())
    decided = Decided(trees, Calibration(1.0, 0.0), 0.5, then, now)
    are = trees.margin(now) >= 0.0
    for places in ([0], [5], [0, 5], [], list(range(12))):
        undone = now.copy()
        for place in places:
            undone[:, place] = put_back(then[:, place], now[:, place])
        were = trees.margin(undone) >= 0.0
        assert decided.by(places) == (are.sum(), (are & ~were).sum(), (were & ~are).sum())
    assert decided.by([0])[1] > 0
