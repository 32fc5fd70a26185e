"""How many are bad: a find of the lot counts as its place does, and the convicted are a floor."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluation.population_rate import LotChecks, RateDraws, rate_draws
from pipeline.population import BaseRate
from pipeline.settings.build import ErrorSettings

ERRORS = ErrorSettings()
DRAWS = 200
TOP = 0.02
"""Part of the list that holds nine in ten of the bad ones, in these tests."""
NONE = np.full(DRAWS, 1e-4)


def prior(checks: int, finds: int) -> BaseRate:
    """Nothing but the counts and one imagined bad entity among twenty."""
    rate = (np.arange(500) + 0.5) / 500
    return BaseRate(rate, np.full(500, 1 / 500), checks, finds, (1.0, 19.0))


def placed(top: int, deep: int, finds_at_top: int, finds_deep: int) -> LotChecks:
    """So many checks in the top of the list and below it, and finds among them."""
    density = np.repeat([0.9 / TOP, 0.1 / (1.0 - TOP)], [top, deep])
    is_bad = np.zeros(top + deep, dtype=bool)
    is_bad[:finds_at_top] = True
    is_bad[top : top + finds_deep] = True
    return LotChecks(np.tile(density, (DRAWS, 1)), is_bad)


def drawn(
    checks: LotChecks, floor: np.ndarray = NONE, unplaced: tuple[int, int] = (0, 0)
) -> RateDraws:
    """The shares that remain possible."""
    counted = prior(checks.is_bad.size + unplaced[0], int(checks.is_bad.sum()) + unplaced[1])
    return rate_draws(counted, checks, floor, ERRORS, np.random.default_rng(1))


def test_five_finds_at_the_top_are_more_bad_ones_than_five_anywhere() -> None:
    """Eight errors are expected in 190 checks: finds far down are those, finds at the top not."""
    at_top = drawn(placed(5, 185, 4, 1)).posterior.mean
    anywhere = drawn(placed(5, 185, 0, 5)).posterior.mean
    assert anywhere < 0.01 < at_top < 0.06


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
        posterior = drawn(placed(top, 1_000 - top, *finds)).posterior
        held += posterior.quantile(0.05) <= rate <= posterior.quantile(0.95)
    assert held >= 16


def test_as_many_as_were_convicted_since_are_at_large() -> None:
    """Without a single check: never fewer, and more the less likely."""
    floor = np.full(DRAWS, 0.03)
    one = rate_draws(prior(0, 0), placed(0, 0, 0, 0), floor, ERRORS, np.random.default_rng(1))
    assert one.drawn.min() >= 0.03
    assert 0.04 < one.posterior.mean < 0.09
    assert one.posterior.quantile(0.5) < one.posterior.mean


def test_a_find_that_nothing_places_counts_by_its_number() -> None:
    """Eight finds of 200 checks are the errors to be expected, thirty are not."""
    usual = drawn(placed(0, 150, 0, 0), unplaced=(50, 8)).posterior.mean
    many = drawn(placed(0, 150, 0, 0), unplaced=(50, 30)).posterior.mean
    assert usual < 0.05
    assert many > 0.1


def test_a_share_that_nobody_doubts_is_taken_at_its_word() -> None:
    """Tests and handed-over rates are not improved upon."""
    sure = BaseRate(np.array([0.07]), np.array([1.0]))
    one = rate_draws(sure, placed(5, 100, 5, 0), NONE, ERRORS, np.random.default_rng(1))
    assert (one.drawn == 0.07).all()
    assert one.posterior is sure
