"""What holds a score above a threshold really does, could be otherwise, resembles somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.moves import DOWN, EITHER, FIXED, UP, Freedom, moves_of
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.rank_space import RankSpace
from pipeline.tree_model.single_changes import Probe
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES
from tests.pipeline.forest import FEATURES
from tests.pipeline.tree_model.held import CALIBRATION, EDGE, MATRIX

if TYPE_CHECKING:
    from pipeline.tree_model.ensemble import TreeModel

MOVES = np.full(len(FEATURES), EITHER)


@pytest.fixture(scope="module")
def above(model: TreeModel) -> np.ndarray:
    """Thirty rows above the threshold."""
    return MATRIX[CALIBRATION.score(model.margin(MATRIX)) >= EDGE][:30]


def after(row: np.ndarray, flip: Flip) -> np.ndarray:
    """The row with every step taken."""
    changed = row.copy()
    for step in flip.steps:
        changed[FEATURES.index(step.feature)] = step.becomes
    return changed


def answers(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray, moves: np.ndarray = MOVES
) -> list[tuple[np.ndarray, Flip]]:
    """Rows that have an answer, with it."""
    tried = [
        (
            row,
            flips(Probe.of(model), CALIBRATION, Subject(row), EDGE, (Freedom.of(moves),), ordinary),
        )
        for row in above
    ]
    return [(row, flip) for row, flip in tried if flip]


def test_an_answer_crosses_the_threshold(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray
) -> None:
    """The changed row scores below it, as the last step says; nearly every row has an answer."""
    pairs = answers(model, ordinary, above)
    assert len(pairs) > 0.8 * len(above)
    for row, flip in pairs:
        score = CALIBRATION.score(model.margin(after(row, flip)[None, :]))[0]
        assert score < EDGE
        assert flip.steps[-1].score == pytest.approx(score, abs=1e-12)
        assert 1 <= len(flip.steps) <= 6


def test_no_step_can_be_spared(model: TreeModel, ordinary: RankSpace, above: np.ndarray) -> None:
    """Take any one of the changes back and the row is above the threshold again."""
    for row, flip in answers(model, ordinary, above):
        for spared in flip.steps:
            changed = after(row, flip)
            one = FEATURES.index(spared.feature)
            changed[one] = row[one]
            assert CALIBRATION.score(model.margin(changed[None, :]))[0] >= EDGE


def test_one_change_is_found_whenever_one_is_enough(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray
) -> None:
    """Trying every value of every feature by hand finds no shorter answer."""
    for row, flip in answers(model, ordinary, above):
        if len(flip.steps) == 1:
            continue
        for one in range(len(FEATURES)):
            if np.isnan(row[one]):
                continue
            real = ordinary.matrix[:, one]
            tried = np.repeat(row[None, :], real.size, axis=0)
            tried[:, one] = real
            tried = tried[~np.isnan(real)]
            below = tried[CALIBRATION.score(model.margin(tried)) < EDGE]
            limit = max(ordinary.usual, ordinary.distances(row).min())
            assert not any(ordinary.distances(one).min() <= limit for one in below)


def test_only_what_may_move_moves_and_only_its_way(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray
) -> None:
    """Fixed features stay; the others go down or up as they may, to values somebody really has."""
    moves = np.array([DOWN, FIXED, UP, DOWN, FIXED, DOWN, UP, EITHER, DOWN, UP, EITHER, FIXED])
    pairs = answers(model, ordinary, above, moves)
    assert pairs
    for row, flip in pairs:
        for step in flip.steps:
            one = FEATURES.index(step.feature)
            assert step.was == row[one]
            assert step.becomes in ordinary.matrix[:, one]
            assert moves[one] != FIXED
            assert moves[one] == EITHER or np.sign(step.becomes - step.was) == moves[one]


def test_nobody_is_told_to_be_a_stranger(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray
) -> None:
    """An answer is no farther from real entities than they are from each other, or than it was."""
    for row, flip in answers(model, ordinary, above):
        limit = max(ordinary.usual, ordinary.distances(row).min())
        assert flip.distance == pytest.approx(ordinary.distances(after(row, flip)).min())
        assert flip.distance <= limit
    lonely = RankSpace(np.full((40, len(FEATURES)), -9.0), np.ones(len(FEATURES)))
    fixed = MOVES.copy()
    fixed[6:] = FIXED
    assert all(
        flip.distance <= max(lonely.usual, lonely.distances(row).min())
        for row, flip in answers(model, lonely, above, fixed)
    )


def test_nothing_holds_a_row_below_the_threshold(model: TreeModel, ordinary: RankSpace) -> None:
    """No answer below it, and none where nothing may move."""
    assert (
        flips(
            Probe.of(model),
            CALIBRATION,
            Subject(ordinary.matrix[0]),
            EDGE,
            (Freedom.of(MOVES),),
            ordinary,
        )
        is None
    )


def test_same_question_same_answer(
    model: TreeModel, ordinary: RankSpace, above: np.ndarray
) -> None:
    """Twice the same steps; none at all when everything is fixed."""
    first, twice = answers(model, ordinary, above), answers(model, ordinary, above)
    assert [flip for _, flip in first] == [flip for _, flip in twice]
    assert not answers(model, ordinary, above, np.full(len(FEATURES), FIXED))


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_moves_follow_the_catalogue(entity_type: str) -> None:
    """Fixed: what nobody can change, or argues nothing; the rest leaves its suspicious end."""
    catalogue = features(entity_type)
    moves = moves_of(catalogue, [*catalogue, "nobody_knows"])
    assert moves[-1] == FIXED
    for one, move in zip(catalogue.values(), moves, strict=False):
        away = {"high": DOWN, "low": UP, "none": FIXED}[one.direction]
        assert move == (away if one.changeable else FIXED)
