"""Curves drawn from few and faulty verdicts: they hold the truth, and say when they cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.evaluation.judged_rows import JudgedRows, top_verdicts
from pipeline.evaluation.population_curve import CurveDraws, beliefs, curve_draws
from pipeline.population import BaseRate
from pipeline.settings.build import FLAWLESS, ErrorSettings
from pipeline.settings.models import EvaluationSettings

ENTITIES = 2_000
RATE = 0.05
ERRORS = ErrorSettings(sensitivity=0.85, specificity=0.95)
SETTINGS = EvaluationSettings(selection=0.0, selection_spread=0.05)


def certain(rate: float) -> BaseRate:
    """A share of bad entities that nobody doubts."""
    return BaseRate(np.array([rate]), np.array([1.0]))


def judged(
    place: np.ndarray, is_bad: np.ndarray, ring: np.ndarray | None = None, by_lot: float = 0.0
) -> JudgedRows:
    """One row for each entity, alone in its ring unless told otherwise."""
    alone = np.arange(place.size)
    lot = np.arange(place.size) < by_lot * place.size
    days = np.full(place.size, np.datetime64("2026-03-02"))
    everybody = np.ones(place.size, dtype=bool)
    own_ring = alone if ring is None else ring
    return JudgedRows(place, alone, is_bad, own_ring, lot, days, everybody)


def sample(
    seed: int, bad: int = 80, good: int = 300, errors: ErrorSettings = FLAWLESS
) -> JudgedRows:
    """Bad ones stand where the square of a uniform number puts them, good ones anywhere."""
    random = np.random.default_rng(seed)
    place = np.concatenate([random.random(bad) ** 4, random.random(good)])
    truly = np.repeat([1.0, 0.0], [bad, good])
    right = np.where(truly > 0, errors.sensitivity, errors.specificity) > random.random(truly.size)
    return judged(place, np.where(right, truly, 1.0 - truly))


def true_recall(top: float) -> float:
    """Of the bad ones of `sample`, those in the first `top`."""
    return float(top**0.25)


def ends(values: np.ndarray) -> tuple[float, float]:
    """A 90 % interval."""
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)


def test_a_perfect_ranking_is_called_perfect_and_a_useless_one_useless() -> None:
    """Area 1 and precision 1 at the top; area and precision of the base rate."""
    random = np.random.default_rng(3)
    is_bad = np.repeat([1.0, 0.0], [150, 450])
    first = np.where(is_bad > 0, RATE * random.random(600), RATE + (1 - RATE) * random.random(600))
    draws = curve_draws(judged(first, is_bad), certain(RATE), FLAWLESS, ENTITIES, SETTINGS)
    assert np.median(draws.area) > 0.9
    assert np.median(draws.within(0.01)) / 0.01 == pytest.approx(1.0, abs=0.2)
    anywhere = judged(random.random(600), is_bad)
    draws = curve_draws(anywhere, certain(RATE), FLAWLESS, ENTITIES, SETTINGS)
    assert np.median(draws.within(0.1)) / 0.1 == pytest.approx(RATE, abs=0.02)
    assert np.median(draws.area) < 0.12


def test_intervals_hold_the_truth_as_often_as_they_promise() -> None:
    """Of forty samples with verdicts that err, nine in ten recalls lie inside (seven allowed)."""
    held = 0
    for seed in range(40):
        rows = sample(seed, errors=ERRORS)
        draws = curve_draws(rows, certain(RATE), ERRORS, ENTITIES, SETTINGS)
        low, high = ends(draws.within(0.02) / draws.rate)
        held += low <= true_recall(0.02) <= high
    assert held >= 33


def test_taking_verdicts_at_their_word_would_miss_it() -> None:
    """With one bad in twenty, most finds are errors: the same rows, uncorrected, say far less."""
    rows = sample(5, bad=20, good=700, errors=ERRORS)
    corrected, naive = (
        float(np.median(one.within(0.02) / one.rate))
        for one in (
            curve_draws(rows, certain(RATE), errors, ENTITIES, SETTINGS)
            for errors in (ERRORS, FLAWLESS)
        )
    )
    assert abs(corrected - true_recall(0.02)) < abs(naive - true_recall(0.02))
    assert naive < true_recall(0.02) - 0.1


def test_nothing_at_the_top_of_sixteen_is_no_zero() -> None:
    """None of sixteen among the first hundredth leaves a fifth possible, not 0.000 to 0.000."""
    rows = judged(np.linspace(0.02, 0.9, 16), np.ones(16))
    draws = curve_draws(rows, certain(RATE), FLAWLESS, ENTITIES, SETTINGS)
    low, high = ends(draws.within(0.009) / 0.009)
    assert low == pytest.approx(0.0, abs=0.01)
    assert high > 0.1


@pytest.mark.parametrize("unjudged", [20, 70])
def test_the_convicted_are_a_share_of_whom_nobody_had_judged_then(unjudged: int) -> None:
    """Thirty of a hundred and sixty were at large: thirty of the seventy left are not for that."""
    random = np.random.default_rng(4)
    is_bad = np.repeat([1.0, 0.0], [30, 60])
    rows = judged(np.where(is_bad > 0, 0.1, 1.0) * random.random(90), is_bad)
    rate = np.linspace(0.0, 1.0, 501)[1:-1]
    unchecked = BaseRate(rate, np.full(rate.size, 1.0 / rate.size), beta=(1.0, 19.0))
    draws = curve_draws(rows, unchecked, FLAWLESS, unjudged, SETTINGS)
    share = 30 / (unjudged + 90)
    assert share < draws.base.mean < 2.0 * share


def test_rings_are_resampled_as_a_whole() -> None:
    """The same rows in rings of ten say less than alone: the interval is much wider."""
    random = np.random.default_rng(9)
    middle = np.repeat(random.random(12) ** 2, 10)
    place = (middle + random.normal(0.0, 0.005, middle.size)).clip(0.0, 1.0)
    of_ring = np.repeat(np.arange(12), 10)
    widths = []
    for ring in (None, of_ring):
        rows = judged(place, np.ones(place.size), ring)
        low, high = ends(curve_draws(rows, certain(RATE), FLAWLESS, 40_000, SETTINGS).area)
        widths.append(high - low)
    assert widths[1] > 2.0 * widths[0]


def test_what_may_have_moved_widens_the_figures_and_leaves_the_scores() -> None:
    """The share of bad ones of today is more open, and what scores reckon with is the same."""
    rate = np.linspace(0.0, 1.0, 501)[1:-1]
    checked = BaseRate(rate, np.full(rate.size, 1.0 / rate.size), 400, 30, (1.0, 19.0))
    still, moved = (
        curve_draws(sample(3), checked, FLAWLESS, ENTITIES, replace(SETTINGS, moved_spread=spread))
        for spread in (0.0, 0.7)
    )
    assert np.array_equal(still.usual, moved.usual)
    assert still.base.mean == moved.base.mean
    (low, high), (lower, higher) = (ends(one.rate) for one in (still, moved))
    assert higher - lower > 1.5 * (high - low)


def test_who_hides_long_is_met_more_often() -> None:
    """Of a bad one that hid for nine weeks far down, all nine count among the unjudged."""
    hidden = np.full(9, 0.5)
    places = np.concatenate([hidden, np.full(1, 0.001)])
    owner = np.repeat([0, 1], [9, 1])
    many = 40
    rows = JudgedRows(
        np.tile(places, many),
        np.concatenate([owner + 2 * n for n in range(many)]),
        np.ones(2 * many),
        np.arange(2 * many),
        np.zeros(2 * many, dtype=bool),
        np.tile(np.datetime64("2026-03-02"), 10 * many),
        np.zeros(2 * many, dtype=bool),
    )
    draws = curve_draws(rows, certain(RATE), FLAWLESS, ENTITIES, SETTINGS)
    assert np.median(draws.within(0.01) / draws.rate) == pytest.approx(0.1, abs=0.03)


def test_finds_of_the_lot_correct_what_suspicion_finds() -> None:
    """Suspicion found those at the top, the lot everybody: recall moves towards the lot's."""
    random = np.random.default_rng(2)
    by_lot, suspected = random.random(60), random.random(240) ** 6
    place = np.concatenate([by_lot, suspected])
    rows = judged(place, np.ones(300), by_lot=0.2)
    open_minded = replace(SETTINGS, selection=0.0, selection_spread=1.0)
    draws = curve_draws(rows, certain(RATE), FLAWLESS, ENTITIES, open_minded)
    fixed = curve_draws(rows, certain(RATE), FLAWLESS, ENTITIES, SETTINGS)
    recall, uncorrected = (float(np.median(one.within(0.05) / one.rate)) for one in (draws, fixed))
    pooled = float((place <= 0.05).mean())
    assert uncorrected == pytest.approx(pooled, abs=0.12)
    assert recall < uncorrected - 0.1


def test_a_cleared_one_among_nothing_but_bad_ones_was_probably_missed() -> None:
    """And a find among nothing but good ones was probably an error."""
    hidden = np.concatenate([np.full(50, -5.0), np.full(400, 2.0)])
    is_bad = np.concatenate([np.ones(44), np.zeros(6), np.ones(16), np.zeros(384)])
    belief = beliefs(hidden, is_bad, ErrorSettings())
    assert belief[45] > 0.5
    assert belief[50] < 0.5


def test_same_verdicts_same_curves() -> None:
    """The dice are seeded."""
    first, second = (
        curve_draws(sample(1), certain(RATE), FLAWLESS, ENTITIES, SETTINGS) for _ in range(2)
    )
    assert np.array_equal(first.bad, second.bad)


def test_area_and_reach_of_one_curve() -> None:
    """Worked by hand: half of the bad in the first tenth, the others in the second half."""
    bad = np.array([[0.05, 0.05, 0.1]])
    draws = CurveDraws(np.array([0.1, 0.5, 1.0]), bad, bad, 1_000, certain(0.1))
    assert draws.rate[0] == pytest.approx(0.1)
    assert draws.within(0.1)[0] == pytest.approx(0.05)
    assert draws.area[0] == pytest.approx(0.5 * 0.5 + 0.5 * 0.1)


def test_reviews_of_the_first_places_count_by_ring_and_only_where_a_source_clears() -> None:
    """Ten mates found together are one find; what a bank names is none."""
    place = np.repeat([0.005, 0.5], [12, 3])
    is_bad = np.repeat([1.0, 0.0, 1.0], [10, 2, 3])
    ring = np.concatenate([np.zeros(10), np.arange(1, 6)]).astype(np.int64)
    rows = judged(place, is_bad, ring)
    steps, bad = np.array([0.01, 0.02, 1.0]), np.tile([2.0, 1.0, 1.0], (400, 1))
    one = top_verdicts(rows, steps, bad, SETTINGS, np.random.default_rng(1))
    assert (one.called_bad + one.cleared, one.cleared) == pytest.approx((3.0, 0.5))
    assert one.density == pytest.approx(np.full(400, 50.0))
    assert np.median(np.log(one.odds_ratio)) == pytest.approx(0.0, abs=0.15)
    bank = replace(rows, reviewed=is_bad == 0)
    two = top_verdicts(bank, steps, bad, SETTINGS, np.random.default_rng(1))
    assert (two.called_bad, two.cleared) == (0.0, 2.0)
