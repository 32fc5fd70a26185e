"""What holds a score begins with facts of its scheme, unlike others, and no trifle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.tree_model.checkable import EVIDENCE, FAMILY, OTHER, Facts, standing_of
from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.moves import DOWN, Freedom
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.single_changes import Probe
from tests.pipeline.forest import FEATURES
from tests.pipeline.tree_model.held import CALIBRATION, EDGE, MATRIX

if TYPE_CHECKING:
    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.rank_space import RankSpace

MOVES = np.full(len(FEATURES), DOWN)
SCHEME = frozenset(FEATURES[3:6])
FAMILIES = ["a" if number < 6 else "b" for number in range(len(FEATURES))]


@pytest.fixture(scope="module")
def pairs(model: TreeModel, ordinary: RankSpace) -> list[tuple[np.ndarray, Flip, Flip]]:
    """Rows above the threshold with what holds them: by preference, and by any change at all."""
    facts = Facts(MOVES, standing_of(FEATURES, FAMILIES, SCHEME))
    above = MATRIX[CALIBRATION.score(model.margin(MATRIX)) >= EDGE][:60]
    probe, pairs = Probe.of(model), []
    for row in above:
        of_scheme = flips(
            probe, CALIBRATION, Subject(row), EDGE, facts.tries(row, ordinary), ordinary
        )
        any_ = flips(probe, CALIBRATION, Subject(row), EDGE, (Freedom.of(MOVES),), ordinary)
        if of_scheme and any_:
            pairs.append((row, of_scheme, any_))
    return pairs


def test_a_standing_is_by_signal_then_by_family() -> None:
    """Evidence of the scheme, another feature of its family, anything else; no scheme, no rank."""
    standing = standing_of(FEATURES, FAMILIES, SCHEME).tolist()
    assert standing[:7] == [FAMILY, FAMILY, FAMILY, EVIDENCE, EVIDENCE, EVIDENCE, OTHER]
    assert set(standing_of(FEATURES, FAMILIES, ())) == {OTHER}


def test_more_answers_begin_with_the_scheme(pairs: list[tuple[np.ndarray, Flip, Flip]]) -> None:
    """Where a search for any change names something else."""
    by_preference = [flip.steps[0].feature in SCHEME for _, flip, _ in pairs]
    by_any = [flip.steps[0].feature in SCHEME for _, _, flip in pairs]
    assert len(pairs) > 20
    assert sum(by_preference) > sum(by_any)


def test_every_answer_still_crosses(
    model: TreeModel, pairs: list[tuple[np.ndarray, Flip, Flip]]
) -> None:
    """The changed row scores below the threshold, and no step can be spared."""
    for row, flip, _ in pairs:
        changed = row.copy()
        for step in flip.steps:
            changed[FEATURES.index(step.feature)] = step.becomes
        assert CALIBRATION.score(model.margin(changed[None, :]))[0] < EDGE
        for step in flip.steps:
            spared = changed.copy()
            spared[FEATURES.index(step.feature)] = step.was
            assert CALIBRATION.score(model.margin(spared[None, :]))[0] >= EDGE


def test_no_trifle_while_facts_are_enough(
    ordinary: RankSpace, pairs: list[tuple[np.ndarray, Flip, Flip]]
) -> None:
    """Each value is unusual and moves half a quartile distance, unless only the last try answers.

    Both are computed here from the ordinary ones.
    """
    checked = 0
    for row, flip, any_ in pairs:
        if flip.steps == any_.steps:  # may be the last try, which takes any change
            continue
        for step in flip.steps:
            values = ordinary.matrix[:, FEATURES.index(step.feature)]
            values = values[~np.isnan(values)]
            low, high = np.percentile(values, [25, 75])
            assert step.was - step.becomes >= 0.5 * (high - low) - 1e-12
            assert ((values < step.was).mean() + (values <= step.was).mean()) / 2 >= 0.75
            assert step.was == row[FEATURES.index(step.feature)]
            checked += 1
    assert checked > 10


def test_steps_of_the_scheme_come_first(pairs: list[tuple[np.ndarray, Flip, Flip]]) -> None:
    """Whatever the effect, what the signals ask for is read first."""
    standing = dict(zip(FEATURES, standing_of(FEATURES, FAMILIES, SCHEME), strict=True))
    for _, flip, _ in pairs:
        order = [int(standing[step.feature]) for step in flip.steps]
        assert order == sorted(order)
