"""How many are bad: a find of the lot counts as its place does, and the convicted are a floor."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluation.population_rate import (
    RateDraws,
    TopVerdicts,
    Witnesses,
    rate_draws,
)
from pipeline.population import BaseRate
from pipeline.settings.build import ErrorSettings
from pipeline.settings.models import EvaluationSettings

ERRORS, SETTINGS = ErrorSettings(), EvaluationSettings()
DRAWS = 200
TOP = 0.02
"""Part of the list that holds nine in ten of the bad ones, in these tests."""
NONE = np.full(DRAWS, 1e-4)
UNSEEN = TopVerdicts(0.0, 0.0, np.ones(DRAWS), np.ones(DRAWS))
"""Nobody in the first places was looked at."""


def lot(checks: int, finds: int, good: float = 19.0) -> BaseRate:
    """Nothing but the counts, one imagined bad entity and so many good ones."""
    rate = (np.arange(500) + 0.5) / 500
    return BaseRate(rate, np.full(500, 1 / 500), checks, finds, (1.0, good))


def drawn(
    checks: int,
    top: int,
    deep: int,
    unplaced: int = 0,
    floor: np.ndarray = NONE,
    reviews: TopVerdicts = UNSEEN,
) -> RateDraws:
    """What remains possible after so many checks and finds in the top, below it, somewhere."""
    density = np.repeat([0.9 / TOP, 0.1 / (1.0 - TOP)], [top, deep])
    witnesses = Witnesses(np.tile(density, (DRAWS, 1)), floor, reviews)
    return possible(lot(checks, top + deep + unplaced), witnesses)


def possible(prior: BaseRate, witnesses: Witnesses, moved: float = 0.0) -> RateDraws:
    """The same of counts and witnesses."""
    return rate_draws(prior, witnesses, ERRORS, np.random.default_rng(1), moved)


def test_five_finds_at_the_top_are_more_bad_ones_than_five_anywhere() -> None:
    """Eight errors are expected in 190 checks: finds far down are those, finds at the top not."""
    assert drawn(190, 0, 5).posterior.mean < 0.012
    assert 0.015 < drawn(190, 4, 1).posterior.mean < 0.06


@pytest.mark.parametrize("rate", [0.005, 0.01, 0.02])
def test_checks_of_the_lot_show_how_many_are_bad(rate: float) -> None:
    """Of twenty samples of 1,000 checks, with errors, nine in ten intervals hold the share."""
    held = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        top = int(random.binomial(1_000, TOP))
        bad_at_top = random.binomial(top, 0.9 * rate / TOP)
        bad_deep = random.binomial(1_000 - top, 0.1 * rate / (1.0 - TOP))
        finds = [
            random.binomial(bad, ERRORS.sensitivity)
            + random.binomial(every - bad, 1.0 - ERRORS.specificity)
            for every, bad in ((top, bad_at_top), (1_000 - top, bad_deep))
        ]
        at_top, far_down = finds
        posterior = drawn(1_000, at_top, far_down).posterior
        held += posterior.quantile(0.05) <= rate <= posterior.quantile(0.95)
    assert held >= 16


def test_as_many_as_were_convicted_since_are_at_large() -> None:
    """Without a single check: never fewer, and more the less likely."""
    one = drawn(0, 0, 0, floor=np.full(DRAWS, 0.03))
    assert one.drawn.min() >= 0.03
    assert 0.04 < one.posterior.mean < 0.09
    assert one.posterior.quantile(0.5) < one.posterior.mean


@pytest.mark.parametrize("rate", [0.02, 0.12, 0.16])
def test_fifteen_checks_hold_a_crowded_marketplace_as_well(rate: float) -> None:
    """Any part of the bad ones convicted, nothing moved: nine in ten intervals (32 of 40)."""
    random, held = np.random.default_rng(6), 0
    one, good = np.ones(1), SETTINGS.imagined_good
    unseen, nothing = TopVerdicts(0.0, 0.0, one, one), np.zeros((1, 0))
    called = ERRORS.sensitivity * rate + (1.0 - ERRORS.specificity) * (1.0 - rate)
    for _ in range(40):
        witnesses = Witnesses(nothing, rate * random.random(1), unseen)
        finds = int(random.binomial(15, called))
        posterior = possible(lot(15, finds, good), witnesses).posterior
        held += posterior.quantile(0.05) <= rate <= posterior.quantile(0.95)
    assert held >= 32


def test_checks_tell_less_of_today_than_of_their_own_day() -> None:
    """A tenth of 2,000 was bad then: about as many are today, half or twice as many may be."""
    finds = round(2_000 * (0.1 * ERRORS.sensitivity + 0.9 * (1.0 - ERRORS.specificity)))
    witnesses = Witnesses(np.zeros((DRAWS, 0)), NONE, UNSEEN)
    then, today = (
        possible(lot(2_000, finds, 1.0), witnesses, moved).posterior
        for moved in (0.0, SETTINGS.moved_spread)
    )
    assert then.quantile(0.95) < 1.4 * then.quantile(0.05)
    assert today.quantile(0.05) < 0.05
    assert today.quantile(0.95) > 0.2
    assert today.mean == pytest.approx(then.mean, rel=0.1)


def test_a_find_that_nothing_places_counts_by_its_number() -> None:
    """Eight finds of 200 checks are the errors to be expected, thirty are not."""
    assert drawn(200, 0, 0, unplaced=8).posterior.mean < 0.03
    assert drawn(200, 0, 0, unplaced=30).posterior.mean > 0.07


def test_a_share_that_nobody_doubts_is_taken_at_its_word() -> None:
    """Tests and handed-over rates are not improved upon."""
    sure = BaseRate(np.array([0.07]), np.array([1.0]))
    witnesses = Witnesses(np.full((DRAWS, 5), 9.0), NONE, UNSEEN)
    one = possible(sure, witnesses)
    assert (one.drawn == 0.07).all()
    assert one.posterior is sure


def reviews(called_bad: float, cleared: float) -> TopVerdicts:
    """Verdicts on the first hundredth, in which half of the bad ones stand."""
    doubt = np.exp(np.random.default_rng(2).normal(0.0, 1.0, DRAWS))
    return TopVerdicts(called_bad, cleared, np.full(DRAWS, 50.0), doubt)


def test_where_all_who_were_looked_at_were_bad_hardly_fewer_are() -> None:
    """Half of 2 % fills the first hundredth; of 0.3 % it is a seventh. Few checks cannot tell.

    Of 88 in a hundred called bad all may be bad; of 30 in a hundred about a third.
    """
    unsaid = drawn(190, 0, 5)
    full, thin = (drawn(190, 0, 5, reviews=reviews(*one)) for one in ((22, 3), (6, 19)))
    assert unsaid.posterior.mean < 0.012
    assert full.posterior.quantile(0.25) > 0.01
    assert full.posterior.mean > 1.5 * unsaid.posterior.mean
    assert 0.002 < thin.posterior.mean < 0.012
