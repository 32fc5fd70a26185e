"""What models must keep: reproducible and additive, whatever is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np
import pytest

from pipeline.learning.averaging import averaged
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.model import BoostedBins, BoostedModel, BoostedTrainer, ring_counts
from pipeline.orchestration.worker import in_pairs
from pipeline.settings.build import LabelSettings
from pipeline.settings.models import ModelSettings
from pipeline.tables import read_features
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

LABELS = LabelSettings()
MODEL = ModelSettings(trees=30)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Features and labels."""
    return tiny.build()


@pytest.fixture(scope="module")
def training(con: duckdb.DuckDBPyConnection) -> Training:
    """Training rows of the merchants."""
    return training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS))


@pytest.fixture(scope="module")
def model(training: Training) -> BoostedModel:
    """A small model of them."""
    return BoostedTrainer(MODEL).bins(training).model()


def test_same_rows_same_bytes(training: Training, model: BoostedModel) -> None:
    """Training twice on the same rows gives the same text."""
    assert BoostedTrainer(MODEL).bins(training).model().text == model.text


def test_contributions_add_up_to_the_margin(
    con: duckdb.DuckDBPyConnection, model: BoostedModel
) -> None:
    """Base plus contributions is the margin, for rows with unknown values too."""
    _, matrix = read_features(con, "merchant", tiny.AS_OF, model.features)
    assert np.isnan(matrix).any()
    total = model.contributions(matrix).sum(axis=1)
    np.testing.assert_allclose(total, model.margin(matrix), rtol=1e-6, atol=1e-9)


@pytest.mark.filterwarnings("ignore:LightGBM binary classifier")
def test_contributions_equal_shap(con: duckdb.DuckDBPyConnection, model: BoostedModel) -> None:
    """The explainer of shap finds the same values in the same trees."""
    import shap

    _, matrix = read_features(con, "merchant", tiny.AS_OF, model.features)
    theirs = shap.TreeExplainer(lightgbm.Booster(model_str=model.text)).shap_values(matrix)
    ours = model.contributions(matrix)[:, :-1]
    np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-5)


def test_the_average_of_two_models_is_that_of_their_margins_and_reasons(
    con: duckdb.DuckDBPyConnection, training: Training
) -> None:
    """To the last bits, by our reader and by LightGBM itself."""
    _, matrix = read_features(con, "merchant", tiny.AS_OF, training.features)
    plain = replace(MODEL, extra_trees=0)
    one, other = (
        BoostedTrainer(settings).bins(training).model()
        for settings in (plain, replace(plain, leaves=8, seed=5))
    )
    both = BoostedModel(averaged(one.text, other.text))
    assert both.trees == one.trees + other.trees
    expected = (one.margin(matrix) + other.margin(matrix)) / 2.0
    np.testing.assert_allclose(both.margin(matrix), expected, atol=1e-12)
    theirs = lightgbm.Booster(model_str=both.text).predict(matrix, raw_score=True)
    np.testing.assert_allclose(theirs, expected, atol=1e-12)
    parts = (one.contributions(matrix) + other.contributions(matrix)) / 2.0
    np.testing.assert_allclose(both.contributions(matrix), parts, atol=1e-12)


def test_a_model_is_the_average_of_two_recipes(training: Training) -> None:
    """Boosted trees, and as many more that cut at random points."""
    settings = replace(MODEL, extra_trees=20)
    assert BoostedTrainer(settings).bins(training).model().trees == MODEL.trees + 20


def test_resampled_verdicts_count_rings_as_a_whole(training: Training) -> None:
    """Every row of a ring is drawn as often as its mates, as many bad rings as there are."""
    ring = np.unique(training.entity_id.astype(str), return_inverse=True)[1] // 3
    tied = replace(training, ring=ring)
    times = ring_counts(tied, 1)
    for one in np.unique(ring):
        assert np.unique(times[ring == one]).size == 1
    first = np.unique(ring, return_index=True)[1]
    is_bad = np.bincount(ring, weights=training.is_bad)[ring[first]] > 0
    assert times[first].sum() == first.size
    assert times[first][is_bad].sum() == is_bad.sum()
    assert (ring_counts(tied, 2) != times).any()


def test_other_verdicts_move_a_score_further_than_other_dice(
    con: duckdb.DuckDBPyConnection, training: Training
) -> None:
    """The band of resampled verdicts is wider than that of five seeds, over everybody."""
    _, matrix = read_features(con, "merchant", tiny.AS_OF, training.features)
    bins = BoostedBins(training, MODEL)
    of_verdicts = np.stack([bins.resampled(number).margin(matrix) for number in range(1, 6)])
    of_dice = np.stack(
        [
            BoostedTrainer(replace(MODEL, seed=seed)).bins(training).model().margin(matrix)
            for seed in range(1, 6)
        ]
    )
    assert np.ptp(of_verdicts, axis=0).mean() > 1.5 * np.ptp(of_dice, axis=0).mean()


def test_models_learnt_at_the_same_time_are_those_learnt_in_turn(training: Training) -> None:
    """Two threads that share the bins change no byte of any tree."""
    at_once = in_pairs(BoostedBins(training, MODEL).resampled, range(1, 9))
    bins = BoostedBins(training, MODEL)
    in_turn = [bins.resampled(number).text for number in range(1, 9)]
    assert [model.text for model in at_once] == in_turn


def test_every_training_asks_for_the_same_number_of_threads(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows made ready, models of all, of a part, of a draw and of a question of their own."""
    asked: list[object] = []
    for name in ("Dataset", "Booster"):
        made = getattr(lightgbm, name)

        def noted(*args: Any, made: Any = made, **named: Any) -> Any:
            every = [one for one in (*args, *named.values()) if isinstance(one, dict)]
            asked.extend(one.get("num_threads") for one in every)
            assert every, "a call without parameters takes every core"
            return made(*args, **named)

        monkeypatch.setattr(lightgbm, name, noted)
    bins = BoostedBins(training, replace(MODEL, trees=2, extra_trees=2, threads=3))
    half = training.where(np.arange(training.is_bad.size) % 2 == 0)
    bins.model(half)
    bins.resampled(1)
    bins.of_target(training.is_bad)
    assert len(asked) > 6
    assert set(asked) == {3}
