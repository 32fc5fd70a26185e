"""The calibration is learnt from verdicts that came later, where there are enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.evaluation.judged_rows import JudgedRows
from pipeline.evaluation.population_curve import calibrated, curve_draws
from pipeline.learning.cross_validation import (
    CROSS_FITTED,
    LATER,
    HeldOut,
    Reference,
    folds,
    held_out,
    is_later,
    mates_known,
)
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.model import BoostedTrainer
from pipeline.population import BaseRate
from pipeline.settings.build import FLAWLESS, LabelSettings
from pipeline.settings.models import EvaluationSettings, ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from datetime import date

    import duckdb

MODEL = ModelSettings(trees=30, later_bad=8, later_good=20)
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


def scored(training: Training, settings: ModelSettings = MODEL) -> HeldOut:
    """Held-out scores, the earlier model taught by what had been known and seen by its day."""

    def past(day: date) -> Training:
        then = np.datetime64(day)
        return training.rows(np.flatnonzero((training.known_at < then) & (training.day < then)))

    reference = Reference(past, training.matrix[training.is_bad == 0])
    return held_out(BoostedTrainer(settings), training, reference, settings)


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


def test_the_card_says_what_placed_the_later_ones() -> None:
    """Enough later verdicts make an earlier model; too few leave it to cross-fitting."""
    for bad, source in ((60, LATER), (15, CROSS_FITTED)):
        scores = scored(verdicts(bad, 300))
        assert scores.source == source
        assert ((scores.place >= 0) & (scores.place <= 1)).all()


def test_later_verdicts_are_placed_by_the_earlier_model() -> None:
    """Exactly those of the later period stand elsewhere when the earlier model knows nothing."""
    training = verdicts(60, 300)
    later = is_later(training, MODEL)
    scores = scored(training)
    np.testing.assert_array_equal(scores.is_later, later)

    def of_coins(day: date) -> Training:
        del day
        coin = np.random.default_rng(3).permutation(training.is_bad)
        return replace(training, is_bad=coin).rows(np.flatnonzero(~later))

    reference = Reference(of_coins, training.matrix[training.is_bad == 0])
    blind = held_out(BoostedTrainer(MODEL), training, reference, MODEL)
    np.testing.assert_array_equal(blind.place[~later], scores.place[~later])
    bad = later & (training.is_bad > 0)
    assert blind.place[bad].mean() > scores.place[bad].mean() + 0.1


def test_a_score_fits_a_known_truth() -> None:
    """Two normals two apart: scores average to the base rate and separate as they should."""
    random, rate = np.random.default_rng(8), 0.1
    training = verdicts(300, 1500)
    is_bad = random.random(4_000) < rate
    evidence = random.normal(2.0 * is_bad, 1.0)
    present = np.column_stack([evidence, random.normal(size=is_bad.size)])

    def past(day: date) -> Training:
        return training.rows(np.flatnonzero(training.known_at < np.datetime64(day)))

    trainer = BoostedTrainer(MODEL)
    places = held_out(trainer, training, Reference(past, present), MODEL)
    each = np.arange(training.is_bad.size)
    nobody = np.zeros(each.size, dtype=bool)
    days = training.day
    judged = JudgedRows(places.place, each, training.is_bad, each, nobody, days, nobody)
    sure = BaseRate(np.array([rate]), np.array([1.0]))
    draws = curve_draws(judged, sure, FLAWLESS, is_bad.size, EvaluationSettings())
    margin = trainer.bins(training).model().margin(present)
    score = calibrated(draws, margin).score(margin)
    truth = 1.0 / (1.0 + np.exp(-(2.0 * evidence - 2.0 + np.log(rate / (1.0 - rate)))))
    assert np.abs(score - truth).mean() < 0.05
    assert score.mean() == pytest.approx(rate, abs=0.02)


def test_a_change_of_times_shows_in_where_the_later_ones_stand() -> None:
    """When the evidence fades, the later bad stand anywhere, whatever the earlier ones did."""
    training = verdicts(200, 1000)
    later = is_later(training, MODEL)
    faded = training.matrix.copy()
    faded[later, 0] = np.random.default_rng(6).normal(size=int(later.sum()))
    bad = later & (training.is_bad > 0)
    before, now = (
        scored(one).place[bad].mean() for one in (training, replace(training, matrix=faded))
    )
    assert before < 0.25
    assert now > 0.35


def test_once_a_mate_was_found_only_the_entity_itself_is_left_out() -> None:
    """Of two bad mates the later one was met by a model that knew the first; not the reverse."""
    training = replace(verdicts(2, 4), ring=np.array([7, 7, 7, 1, 2, 3]))
    first, later = np.datetime64("2026-01-05", "us"), np.datetime64("2026-01-25", "us")
    told = replace(
        training,
        day=np.array(["2026-01-01"] + ["2026-01-20"] * 5, "datetime64[D]"),
        known_at=np.array([first, later, later, first, first, first]),
    )
    assert mates_known(told).tolist() == [False, True, True, False, False, False]


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
    place = scored(noise, TREES).place[training.last]
    is_above = place < np.median(place)
    assert abs(np.mean(is_above == (coin > 0)) - 0.5) < 0.2


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

    honest, told = (
        held_out(BoostedTrainer(MODEL), training, Reference(past, training.matrix), MODEL)
        for past in (lambda _day: training.rows(np.flatnonzero(~later)), with_old_lies)
    )
    np.testing.assert_array_equal(honest.place, told.place)
