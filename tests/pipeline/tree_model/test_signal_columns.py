"""A change of a fact changes what counts the signals that ask for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import pytest

from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.moves import DOWN, FIXED, Freedom
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.rank_space import RankSpace
from pipeline.tree_model.signal_columns import Signal, SignalColumns
from pipeline.tree_model.single_changes import Probe

if TYPE_CHECKING:
    from pipeline.tree_model.conditions import Tree

NAMES = ("claims", "orders", "calm", "firing", "strength")
MOVES = np.array([DOWN, DOWN, DOWN, FIXED, FIXED])
CALIBRATION, EDGE = Calibration(1.0, 0.0), 0.3


def at_least(name: str, number: float) -> Tree:
    """`name >= number`."""
    return (">=", ("column", name), ("number", number))


SIGNALS = (
    Signal("T1", "MANY", 0.5, at_least("claims", 4.0)),
    Signal("T1", "BOTH", 0.4, ("and", at_least("claims", 6.0), at_least("orders", 5.0))),
    Signal("T2", "OUTSIDE", 0.3, ("and", at_least("claims", 2.0), at_least("rating", 3.0))),
    Signal("T2", "UNREAD", 0.2, None),
)
COLUMNS = SignalColumns(NAMES, ("firing", "strength"), SIGNALS)
UNREAD = ("T2", "UNREAD")


def fires(row: np.ndarray, rating: float | None = 5.0, *, unread: bool = False) -> set:
    """Typology and code of each signal that fires, by hand."""
    claims, orders = row[:2]
    known = {"MANY": claims >= 4, "BOTH": claims >= 6 and orders >= 5}
    known["OUTSIDE"] = claims >= 2 and rating is not None and rating >= 3
    known["UNREAD"] = unread
    return {(one.typology, one.code) for one in SIGNALS if known[one.code]}


def counted(firing: set) -> tuple[float, float]:
    """Both columns, by hand."""
    missed = {"T1": 1.0, "T2": 1.0}
    for one in SIGNALS:
        if (one.typology, one.code) in firing:
            missed[one.typology] *= 1.0 - one.severity
    return float(len(firing)), 1.0 - min(missed.values())


def people(count: int, seed: int) -> np.ndarray:
    """Rows whose last two columns are what their signals say."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, 9, size=(count, 5)).astype(float)
    for row in rows:
        row[3:] = counted(fires(row))
    return rows


def subject(row: np.ndarray, rating: float | None = 5.0, *, unread: bool = False) -> Subject:
    """One row with what follows from its facts."""
    firing = fires(row, rating, unread=unread)
    return Subject(row, COLUMNS.of_subject(row, {"rating": rating}, firing))


@pytest.fixture(scope="module")
def model() -> TreeModel:
    """Trees that ask for the two columns alone: the facts count by way of them."""
    rows = people(2000, seed=1)
    noise = np.random.default_rng(2).normal(0.0, 0.6, size=len(rows))
    bad = rows[:, 3] + noise > 1.5
    shape = {"objective": "binary", "num_leaves": 6, "verbosity": -1, "num_threads": 1, "seed": 3}
    narrowed = rows.copy()
    narrowed[:, :3] = 0.0
    data = lightgbm.Dataset(narrowed, bad.astype(float), feature_name=list(NAMES), params=shape)
    text = lightgbm.train(shape, data, 20).model_to_string()
    return TreeModel.of(text).with_cuts(COLUMNS.cuts())


@pytest.fixture(scope="module")
def ordinary() -> RankSpace:
    """Those whom no signal names, and some whom one does."""
    rows = people(400, seed=4)
    return RankSpace(rows[rows[:, 3] <= 1], np.array([1.0, 1.0, 1.0, 0.0, 0.0]))


def answer(model: TreeModel, ordinary: RankSpace, who: Subject) -> Flip | None:
    """What holds one of them."""
    return flips(Probe.of(model), CALIBRATION, who, EDGE, (Freedom.of(MOVES),), ordinary)


def test_the_columns_of_a_changed_profile_are_those_it_would_have() -> None:
    """Every row, every single change: as counted by hand; what nothing changes is as stored."""
    values = np.arange(0.0, 9.0)
    for row in people(40, seed=5):
        derived = subject(row).derived
        assert derived is not None
        for one in range(3):
            changed = np.repeat(row[:, None], values.size, axis=1)
            changed[one] = values
            before = np.repeat(derived.fires[None, :], values.size, axis=0)
            after = derived.values(derived.firing(changed, before, np.full(values.size, one)))
            expected = [counted(fires(other)) for other in changed.T]
            np.testing.assert_allclose(after, expected, atol=1e-12)
        assert derived.values(derived.fires[None, :])[0].tolist() == row[3:].tolist()


def test_a_fact_that_switches_a_signal_off_brings_the_score_down(
    model: TreeModel, ordinary: RankSpace
) -> None:
    """No tree asks for the fact itself, and yet it holds the score; a sum never does."""
    above = [row for row in people(200, seed=6) if row[3] >= 2]
    assert len(above) > 50
    for row in above:
        flip = answer(model, ordinary, subject(row))
        assert flip is not None
        assert {step.feature for step in flip.steps} <= {"claims", "orders"}
        changed = row.copy()
        for step in flip.steps:
            changed[NAMES.index(step.feature)] = step.becomes
        changed[3:] = counted(fires(changed))
        assert changed[3] < row[3]
        assert changed[4] < row[4]
        score = CALIBRATION.score(model.margin(changed[None, :]))[0]
        assert score < EDGE
        assert flip.steps[-1].score == pytest.approx(score, abs=1e-12)
        assert flip.distance == pytest.approx(ordinary.distances(changed).min())
        assert answer(model, ordinary, Subject(row)) is None  # the columns would keep it up


def test_no_change_goes_farther_than_the_condition_asks(
    model: TreeModel, ordinary: RankSpace
) -> None:
    """Cells end where a condition turns: three claims are enough, nobody is told none."""
    row = np.array([5.0, 2.0, 0.0, 0.0, 0.0])
    row[3:] = counted(fires(row))
    flip = answer(model, ordinary, subject(row))
    assert flip is not None
    assert [(step.feature, step.becomes) for step in flip.steps] == [("claims", 3.0)]


def test_a_signal_that_cannot_be_read_stays_as_it_is() -> None:
    """Whether it fires today or not, and whatever changes."""
    for unread in (False, True):
        row = np.array([7.0, 6.0, 0.0, 0.0, 0.0])
        row[3:] = counted(fires(row, unread=unread))
        derived = subject(row, unread=unread).derived
        assert derived is not None
        calm = derived.firing(np.zeros((5, 1)), derived.fires[None, :], np.array([0]))
        assert derived.values(calm)[0].tolist() == list(counted({UNREAD} if unread else set()))


@pytest.mark.parametrize("rating", [None, 5.0])
def test_a_column_outside_the_model_decides_as_it_stands(rating: float | None) -> None:
    """It never changes; where it is unknown, so is the condition."""
    row = np.array([3.0, 0.0, 0.0, 0.0, 0.0])
    derived = subject(row, rating).derived
    assert derived is not None
    assert derived.fires.tolist() == [False, False, rating is not None, False]
    assert COLUMNS.others == {"rating"}


def test_a_condition_that_contradicts_today_is_not_asked() -> None:
    """It fires although its column is not here, or does not although it should: left alone."""
    row = np.array([7.0, 0.0, 0.0, 1.0, 0.5])
    derived = COLUMNS.of_subject(row, {}, {("T2", "OUTSIDE")})
    assert derived is not None
    assert derived.free.tolist() == [False, True, False, False]


def test_a_model_without_the_columns_has_nothing_that_follows() -> None:
    """Scores of before them, or of a model that learnt nothing from them."""
    older = replace(COLUMNS, features=NAMES[:3])
    assert older.of_subject(np.zeros(3), {}, ()) is None
    one = replace(COLUMNS, features=NAMES[:4]).of_subject(np.zeros(4), {"rating": 1.0}, ())
    assert one is not None
    assert one.values(np.array([[True, False, False, False]])).tolist() == [[1.0]]


def test_cells_tell_both_sides_of_every_bound_apart(model: TreeModel) -> None:
    """Just under it and on it, also where no tree asks; and margins stay those of the trees."""
    bounds = {"claims": (2.0, 4.0, 6.0), "orders": (5.0,)}
    for name, numbers in bounds.items():
        for number in numbers:
            around = np.array([np.nextafter(number, -np.inf), number, np.nextafter(number, np.inf)])
            assert np.unique(model.cells_of(NAMES.index(name), around)).size == around.size
    rows = people(200, seed=7)
    np.testing.assert_array_equal(model.margin(rows), replace(model, further_cuts={}).margin(rows))
