"""One way to count how well a score puts the bad first: equal scores are one step."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from pipeline.evaluation.ranking import Ranking, average_precision, within_top


@pytest.mark.parametrize("digits", [17, 1, 0], ids=["no ties", "ties", "all tied"])
def test_average_precision_is_that_of_scikit_learn(digits: int) -> None:
    """With entities that weigh differently, and with ties."""
    random = np.random.default_rng(6)
    score, is_bad = random.random(400).round(digits), random.random(400) < 0.1
    weight, steps = random.random(400), Ranking.of(score)
    ours = average_precision(steps.summed(weight), steps.summed(weight * is_bad))
    theirs = average_precision_score(is_bad, score, sample_weight=weight)
    assert float(ours) == pytest.approx(theirs, abs=1e-12)


def test_of_a_step_that_crosses_the_top_a_part_is_listed() -> None:
    """Ten alike, two of them bad: the first five hold one."""
    steps = Ranking.of(np.zeros(10))
    is_bad = np.repeat([1.0, 0.0], [2, 8])
    listed, bad = steps.summed(np.ones(10)), steps.summed(is_bad)
    assert float(within_top(listed, bad, 5.0)) == pytest.approx(1.0)
    assert float(within_top(listed, bad, 99.0)) == pytest.approx(2.0)
    assert float(within_top(listed, bad, 0.0)) == 0.0


def test_counting_members_is_summing_their_indicator() -> None:
    """The shorter way gives the same."""
    random = np.random.default_rng(7)
    score, members = random.random(60).round(1), random.random(60) < 0.3
    times, steps = random.integers(0, 3, size=(4, 60)).astype(float), Ranking.of(score)
    np.testing.assert_allclose(steps.counted(members, times), steps.summed(times * members))
