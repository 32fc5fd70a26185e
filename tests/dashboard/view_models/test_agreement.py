"""Kappa and AC1 against published tables, scikit-learn, and by how often their intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from dashboard.view_models.agreement import agreement, agreement_rows

SEEDS = (1, 2, 3, 101, 102)
"""The last two were not looked at while the module was written."""


def table(both: int, first: int, second: int, none: int) -> list[tuple[str, str]]:
    """The pairs of a two-by-two table."""
    cells = (("y", "y"), ("y", "n"), ("n", "y"), ("n", "n"))
    return [
        pair
        for pair, count in zip(cells, (both, first, second, none), strict=True)
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("cells", "kappa", "ac1"),
    [
        ((20, 5, 10, 15), 0.40, 0.4059),
        ((45, 15, 25, 15), 0.1304, 0.2661),
        ((25, 35, 5, 35), 0.2593, 0.2079),
        ((118, 5, 2, 0), -0.0234, 0.9408),
    ],
)
def test_published_tables(cells: tuple[int, int, int, int], kappa: float, ac1: float) -> None:
    """Wikipedia's three of Cohen's kappa, 0.40, 0.1304 and 0.2593, then Gwet's of 2002.

    He shows by it what kappa makes of two raters who agree on 94 in 100: -0.02, and AC1 0.94.
    """
    found = agreement(table(*cells))
    assert found.kappa.value == pytest.approx(kappa, abs=5e-5)
    assert found.ac1.value == pytest.approx(ac1, abs=5e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    """On words of four kinds."""
    rng = np.random.default_rng(seed)
    first = rng.choice(list("abcd"), 80, p=[0.5, 0.3, 0.15, 0.05])
    second = np.where(rng.random(80) < 0.7, first, rng.choice(list("abcd"), 80))
    found = agreement(list(zip(first.tolist(), second.tolist(), strict=True)))
    assert found.kappa.value == pytest.approx(cohen_kappa_score(first, second))


def held(rng: np.random.Generator, parts: list[float], right: float, size: int) -> list[float]:
    """How often both intervals hold what 30,000 cases of the same two raters show."""

    def words(count: int) -> list[tuple[str, str]]:
        truth = rng.choice(len(parts), count, p=parts)
        off = [rng.integers(1, len(parts), count) * (rng.random(count) > right) for _ in range(2)]
        both = [((truth + one) % len(parts)).tolist() for one in off]
        return [(str(one), str(other)) for one, other in zip(*both, strict=True)]

    truth = agreement(words(30_000))
    found = [agreement(words(size)) for _ in range(120)]
    return [
        float(
            np.mean([one.low <= true.value <= one.high for one in every if one.value is not None])
        )
        for true, every in (
            (truth.kappa, [one.kappa for one in found]),
            (truth.ac1, [one.ac1 for one in found]),
        )
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_hold_as_often_as_they_say(seed: int) -> None:
    """Of few and many cases, one kind or several, poor and good reviewers."""
    rng = np.random.default_rng(seed)
    found = [
        one
        for size in (12, 60)
        for parts in ([0.5, 0.5], [0.9, 0.1], [0.5, 0.35, 0.15])
        for right in (0.75, 0.92)
        for one in held(rng, parts, right, size)
    ]
    assert min(found) >= 0.86
    assert 0.94 <= np.mean(found) <= 0.99


def test_what_all_say_alike_has_an_interval_as_wide_as_its_cases_are_few() -> None:
    """Twelve of twelve is no certainty; kappa of one kind is not defined."""
    found = agreement([("bad", "bad")] * 6 + [("good", "good")] * 6)
    assert found.kappa.value == 1.0
    assert found.kappa.low < 0.6
    alone = agreement([("bad", "bad")] * 12)
    assert alone.kappa.value is None
    assert alone.kappa.said == "–"
    assert alone.ac1.low < 0.8


def test_groups_of_few_are_hidden_and_counted() -> None:
    """Ten are shown, nine are not."""
    named = [("many", ("bad", "bad"))] * 10 + [("few", ("bad", "good"))] * 9
    rows, hidden = agreement_rows(named)
    assert [row.name for row in rows] == ["many"]
    assert hidden == 9
