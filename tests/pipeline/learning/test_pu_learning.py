"""Unlabelled entities teach a little; plain risk counts can only worsen a margin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.learning.label_maturity import Delays, Matured, matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.model import BoostedTrainer
from pipeline.learning.pu_learning import completed, signs, weights
from pipeline.settings.build import LabelSettings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

MODEL = ModelSettings(trees=30)
NOISE = "noise_30d"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Features and labels."""
    return tiny.build()


@pytest.fixture(scope="module")
def training(con: duckdb.DuckDBPyConnection) -> Training:
    """Merchants' rows with unlabelled ones beside them."""
    labels = matured_labels(con, tiny.AS_OF, LabelSettings())
    own = training_set(con, "merchant", labels)
    return completed(con, "merchant", own, tiny.AS_OF, tiny.AS_OF, MODEL)


def test_everybody_without_a_verdict_joins_once(training: Training) -> None:
    """One row per merchant whom nobody has judged, where all of them can be afforded."""
    judged = sum(tiny.LABELLED["merchant"])
    assert training.unlabelled.shape[0] == tiny.SIZES["merchant"] - judged


def test_a_young_verdict_makes_nobody_a_weak_negative(training: Training) -> None:
    """A bad verdict too fresh to teach is still a doubt: its owner is not called harmless."""
    con = tiny.build()
    fresh = "'mer_000159' as entity_id, timestamp '2026-04-29' as event_at"
    con.execute(
        f"insert into staging.labels select * replace ({fresh}, timestamp '2026-04-30' as known_at)"
        " from staging.labels where entity_type = 'merchant' limit 1"
    )
    labels = matured_labels(con, tiny.AS_OF, LabelSettings())
    own = training_set(con, "merchant", labels)
    again = completed(con, "merchant", own, tiny.AS_OF, tiny.AS_OF, MODEL)
    assert again.unlabelled.shape[0] == training.unlabelled.shape[0] - 1


def test_silence_about_a_newcomer_says_nothing(
    con: duckdb.DuckDBPyConnection, training: Training
) -> None:
    """Whoever registered so late that the slowest scheme would not be known yet is left out."""
    labels = matured_labels(con, tiny.AS_OF, LabelSettings())
    matured = Matured(labels, Delays(longest={"merchant": 45.0, "buyer": 10.0}))
    own = training_set(con, "merchant", labels)
    slow, quick = (
        completed(con, "merchant", own, tiny.AS_OF, day, MODEL).unlabelled.shape[0]
        for day in (matured.silent_since(one, tiny.AS_OF) for one in ("merchant", "buyer"))
    )
    assert (slow, quick) == (training.unlabelled.shape[0] - 10, training.unlabelled.shape[0])


def test_unlabelled_weigh_as_stated_however_many(training: Training) -> None:
    """All together they weigh a multiple of the labelled entities."""
    few = replace(training, unlabelled=training.unlabelled[:7])
    for one in (training, few):
        assert weights(one, 2.0).sum() == pytest.approx(2.0 * training.last.size)


def test_unlabelled_rows_move_the_model(training: Training) -> None:
    """A model of the labelled alone is another one, and calls the unlabelled worse."""
    alone = replace(training, unlabelled=training.unlabelled[:0])
    with_all, without = (BoostedTrainer(MODEL).bins(one).model() for one in (training, alone))
    assert with_all.text != without.text
    rows = training.unlabelled
    assert with_all.margin(rows).mean() < without.margin(rows).mean()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_held_feature_moves_the_margin_one_way(training: Training, sign: int) -> None:
    """Raising a constrained feature never lowers the margin; with the other sign never raises."""
    place = training.features.index(NOISE)
    constrained = replace(
        training, signs=tuple(sign * (n == place) for n in range(len(training.features)))
    )
    model = BoostedTrainer(MODEL).bins(constrained).model()
    rows = np.repeat(training.matrix[:40], 25, axis=0)
    rows[:, place] = np.tile(np.linspace(-2.5, 2.5, 25), 40)
    steps = np.diff(model.margin(rows).reshape(40, 25), axis=1) * sign
    assert (steps >= 0).all()


def test_without_a_sign_the_same_feature_is_free(training: Training) -> None:
    """The noise of the sample bends an unconstrained curve: the law above can fail."""
    place = training.features.index(NOISE)
    model = BoostedTrainer(MODEL).bins(training).model()
    rows = np.repeat(training.matrix[:40], 25, axis=0)
    rows[:, place] = np.tile(np.linspace(-2.5, 2.5, 25), 40)
    steps = np.diff(model.margin(rows).reshape(40, 25), axis=1)
    assert (steps < 0).any()


def test_signs_follow_the_catalogue() -> None:
    """Counts and shares of risky things are held, money and sizes and strangers are free."""
    names = ("refund_rate_30d", "orders_30d", "gmv_usd_30d", "burst_7d")
    assert signs("merchant", names, MODEL) == (1, 0, 0, 0)
