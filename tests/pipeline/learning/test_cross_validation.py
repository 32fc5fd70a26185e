"""The calibration is learnt from verdicts that came later, where there are enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.learning.cross_validation import (
    CROSS_FITTED,
    LATER,
    HeldOut,
    folds,
    held_out,
    is_later,
)
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.model import BoostedTrainer
from pipeline.population import Population
from pipeline.settings.build import LabelSettings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from datetime import date

    import duckdb

MODEL = ModelSettings(trees=30, later_bad=8, later_good=20)
RATE = 0.1
POPULATION = Population(RATE)
LABELS = LabelSettings()
TREES = ModelSettings(trees=30)


def verdicts(bad: int, good: int, shift: float = 2.0) -> Training:
    """One row per entity; the bad ones lie `shift` away; verdicts become known day by day."""
    random = np.random.default_rng(5)
    is_bad = np.repeat([1.0, 0.0], [bad, good])
    count = bad + good
    days = np.datetime64("2026-01-01") + random.integers(0, 60, count).astype("timedelta64[D]")
    return Training(
        ("evidence", "noise"),
        np.array([f"e{n:05d}" for n in range(count)], dtype=object),
        np.column_stack([random.normal(shift * is_bad, 1.0), random.normal(size=count)]),
        is_bad,
        np.ones(count),
        days,
        days.astype("datetime64[us]"),
        np.full(count, None),
    )


def scored(
    training: Training, settings: ModelSettings = MODEL, population: Population = POPULATION
) -> HeldOut:
    """Held-out scores, the earlier model taught by what had been known and seen by its day."""

    def past(day: date) -> Training:
        then = np.datetime64(day)
        return training.rows(np.flatnonzero((training.known_at < then) & (training.day < then)))

    return held_out(BoostedTrainer(settings), training, past, population, settings)


def test_later_ones_are_the_last_known() -> None:
    """Nobody known earlier than a later one is later, and they hold the asked share."""
    training = verdicts(60, 300)
    later = is_later(training, MODEL)
    assert training.known_at[later].min() > training.known_at[~later].max()
    assert (later & (training.is_bad > 0)).sum() / 60 == pytest.approx(MODEL.later_share, abs=0.1)


@pytest.mark.parametrize(("bad", "good"), [(15, 300), (60, 30), (0, 40)])
def test_too_few_verdicts_give_no_later_period(bad: int, good: int) -> None:
    """With too few on one side of any day the period is not split."""
    assert not is_later(verdicts(bad, good), MODEL).any()


def test_the_card_says_what_calibrated() -> None:
    """Enough later verdicts calibrate; too few leave it to cross-fitting."""
    for bad, source in ((60, LATER), (15, CROSS_FITTED)):
        scores = scored(verdicts(bad, 300))
        assert scores.calibrated_on == source
        assert scores.calibration.slope > 0
        assert ((scores.score > 0) & (scores.score < 1)).all()


def test_verdicts_that_teach_do_not_judge_the_later_period() -> None:
    """What an evaluation may use is exactly the later ones, scored by the earlier model."""
    training = verdicts(60, 300)
    scores = scored(training)
    np.testing.assert_array_equal(scores.judges, is_later(training, MODEL))
    assert np.isfinite(scores.forward).all()


def test_the_later_calibration_fits_a_known_truth() -> None:
    """Two normals two apart: scores average to the base rate and separate as they should."""
    training = verdicts(300, 1500)
    scores = scored(training)
    evidence = training.matrix[:, 0]
    truth = 1.0 / (1.0 + np.exp(-(2.0 * evidence - 2.0 + np.log(RATE / (1.0 - RATE)))))
    assert np.abs(scores.score - truth).mean() < 0.05


def test_a_change_of_times_shows_only_in_the_later_calibration() -> None:
    """When the evidence fades, the later calibration promises less than one blind to time would."""
    training = verdicts(200, 1000)
    later = is_later(training, MODEL)
    faded = training.matrix.copy()
    faded[later, 0] = np.random.default_rng(6).normal(size=int(later.sum()))
    now = replace(training, matrix=faded)
    never = replace(MODEL, later_bad=10_000)
    slopes = [scored(now, one).calibration.slope for one in (MODEL, never)]
    assert slopes[0] < 0.5 * slopes[1]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Features and labels."""
    return tiny.build()


@pytest.fixture(scope="module")
def training(con: duckdb.DuckDBPyConnection) -> Training:
    """Training rows of the merchants."""
    return training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS))


def test_cross_fit_never_sees_the_entity_it_predicts(training: Training) -> None:
    """A model of coin-flip labels does no better than chance on held-out entities."""
    coin = np.random.default_rng(3).permutation(training.last.size) % 2
    owner = np.repeat(coin, np.diff(training.last, prepend=-1)).astype(float)
    noise = replace(training, is_bad=owner)
    noise_scores = scored(noise, TREES, Population(0.5))
    assert ((noise_scores.score > 0) & (noise_scores.score < 1)).all()
    assert abs(np.mean((noise_scores.score > 0.5) == (coin > 0)) - 0.5) < 0.2


def test_ring_mates_share_a_fold() -> None:
    """Whoever belongs together is left out together, bad and good alike."""
    training = verdicts(60, 300)
    ring = np.arange(360) // 4
    fold = folds(replace(training, ring=ring), 5)
    assert all(np.unique(fold[ring == one]).size == 1 for one in range(90))
    alone = folds(training, 5)
    assert any(np.unique(alone[ring == one]).size > 1 for one in range(90))


@pytest.mark.parametrize("size", [1, 7])
def test_folds_hold_as_many_bad_and_good_ones(size: int) -> None:
    """Up to one ring more or less, whatever the rings are."""
    training = replace(verdicts(60, 300), ring=np.arange(360) // size)
    fold = folds(training, 5)
    for label in (0.0, 1.0):
        counts = np.bincount(fold[training.is_bad == label], minlength=5)
        assert counts.max() - counts.min() <= size


def test_whom_the_later_verdicts_judge_taught_the_earlier_model_nothing() -> None:
    """Not even what an older verdict on them had said, which the later one replaced."""
    training = verdicts(60, 300)
    later = is_later(training, MODEL)
    lie = replace(
        training, is_bad=np.where(later, 1.0 - training.is_bad, training.is_bad), ring=training.ring
    )

    def with_old_lies(day: date) -> Training:
        del day
        return lie

    honest = held_out(
        BoostedTrainer(MODEL),
        training,
        lambda _day: training.rows(np.flatnonzero(~later)),
        POPULATION,
        MODEL,
    )
    told = held_out(BoostedTrainer(MODEL), training, with_old_lies, POPULATION, MODEL)
    np.testing.assert_array_equal(honest.forward, told.forward)
