"""What models must keep: reproducible, additive, calibrated, blind to what was not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import polars as pl
import pytest

from pipeline.evaluation.metrics import Quality
from pipeline.learning.cross_validation import held_out
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, base_rate, training_set, verdicts
from pipeline.learning.model import BoostedModel, BoostedTrainer
from pipeline.learning.pu_learning import completed
from pipeline.population import Population
from pipeline.settings.build import FLAWLESS, LabelSettings
from pipeline.settings.models import ModelSettings
from pipeline.tables import feature_names, read_features
from pipeline.tree_model.calibration import calibrate
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
    return training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS), LABELS)


@pytest.fixture(scope="module")
def model(training: Training) -> BoostedModel:
    """A small model of them."""
    return BoostedTrainer(MODEL).fit(training)


def test_same_rows_same_bytes(training: Training, model: BoostedModel) -> None:
    """Training twice on the same rows gives the same text."""
    assert BoostedTrainer(MODEL).fit(training).text == model.text


def test_features_are_found_in_the_table(con: duckdb.DuckDBPyConnection) -> None:
    """Every numeric column is a feature; id and day are not."""
    names = feature_names(con, "merchant")
    assert "order_count_30d" in names
    assert not {"merchant_id", "as_of"} & set(names)


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


def test_training_knows_nothing_of_unlabelled_entities(training: Training) -> None:
    """Unknown is not negative: only labelled entities have rows."""
    bad, good = tiny.LABELLED["merchant"]
    labelled = {tiny.name("merchant", n) for n in range(bad + good)}
    assert set(training.entity_id) == labelled


def test_bad_entities_teach_only_while_they_are_bad(con: duckdb.DuckDBPyConnection) -> None:
    """Rows of a bad entity lie after its behaviour began and until two weeks after it was found."""
    everything = training_set(con, "merchant", tiny.labels(), LABELS)
    per_bad = (everything.entity_id == tiny.name("merchant", 0)).sum()
    after = [w for w in tiny.WEEKS if w > tiny.EVENT.date()]
    until = [w for w in after if datetime.combine(w, datetime.min.time()) <= _two_weeks_later()]
    assert per_bad == len(until)


def test_good_and_bad_teach_equally_long_after_their_verdict(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Otherwise how long ago they last traded would tell the label."""
    everything = training_set(con, "merchant", tiny.labels(), LABELS)
    late = everything.day - everything.known_at
    for label in (0.0, 1.0):
        longest = late[everything.is_bad == label].max()
        assert longest <= np.timedelta64(LABELS.after_days, "D")
    assert late.max() > np.timedelta64(0, "D")


def test_an_earlier_model_knows_nothing_later(con: duckdb.DuckDBPyConnection) -> None:
    """Neither snapshots nor verdicts nor unlabelled rows from the instant on."""
    known = training_set(con, "merchant", tiny.labels(), LABELS)
    whole = completed(con, "merchant", known, tiny.AS_OF, tiny.AS_OF, ModelSettings())
    instant = np.datetime64(sorted(tiny.WEEKS)[-2])
    past = whole.part(whole.before(instant))
    assert 0 < past.unlabelled.shape[0] == past.unlabelled_day.size < whole.unlabelled.shape[0]
    assert (past.unlabelled_day < instant).all()
    assert (past.day < instant).all()
    assert (past.known_at < instant).all()


def _two_weeks_later() -> datetime:
    return tiny.KNOWN + timedelta(days=LABELS.after_days)


def test_each_entity_weighs_one(training: Training) -> None:
    """However many snapshots an entity has, its weights add up to 1."""
    weights = pl.DataFrame({"id": training.entity_id.astype(str), "weight": training.weight})
    total = weights.group_by("id").agg(pl.col("weight").sum())["weight"]
    np.testing.assert_allclose(total.to_numpy(), 1.0)


def test_a_label_known_on_the_day_of_the_build_is_not_used(con: duckdb.DuckDBPyConnection) -> None:
    """`known_at` must lie before the build, `event_at` long enough before it."""
    assert matured_labels(con, tiny.KNOWN.date(), LABELS).is_empty()
    assert matured_labels(con, tiny.KNOWN.date() + timedelta(days=1), LABELS).height > 0
    patient = replace(LABELS, label_maturity_days=90)
    assert matured_labels(con, tiny.AS_OF, patient).is_empty()


def test_the_last_verdict_wins() -> None:
    """An overturned decision clears."""
    known = tiny.labels().filter(pl.col("entity_id") == tiny.name("merchant", 0))
    later = known.with_columns(
        label=pl.lit("good"), known_at=pl.col("known_at") + pl.duration(days=9)
    )
    assert verdicts(pl.concat([known, later]), "merchant")["label"].to_list() == ["good"]


def test_base_rate_counts_only_random_checks() -> None:
    """More complaints do not make the population worse."""
    drawn = tiny.labels().filter(pl.col("source") == "exploration")
    assert base_rate(tiny.labels(), "merchant", LABELS) == base_rate(drawn, "merchant", LABELS)
    nothing = tiny.labels().clear()
    prior = LABELS.base_rate_bad / (LABELS.base_rate_bad + LABELS.base_rate_good)
    assert base_rate(nothing, "merchant", LABELS) == pytest.approx(prior, abs=1e-5)


def drawn(bad: int, checks: int) -> pl.DataFrame:
    """So many random checks of shops, the first of them with a bad verdict."""
    names = [f"mer_{number}" for number in range(checks)]
    told = {"label": ["bad"] * bad + ["good"] * (checks - bad), "label_id": names}
    frame = pl.DataFrame({"entity_id": names, **told})
    known = {"entity_type": pl.lit("merchant"), "source": pl.lit("exploration")}
    return frame.with_columns(**known, known_at=pl.lit(tiny.KNOWN))


def test_base_rate_of_checks_that_never_err_is_a_share() -> None:
    """With flawless checks it is the textbook (k + a) / (n + a + b)."""
    flawless = replace(LABELS, errors=FLAWLESS)
    found = base_rate(drawn(12, 160), "merchant", flawless)
    assert found == pytest.approx((12 + 1) / (160 + 40), abs=1e-5)


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.1, 0.3])
def test_base_rate_sees_through_errors_of_the_checks(rate: float) -> None:
    """Many checks that err as stated lead back to the share that was there."""
    checks = 20_000
    errors = LABELS.errors
    called = errors.sensitivity * rate + (1 - errors.specificity) * (1 - rate)
    found = base_rate(drawn(round(checks * called), checks), "merchant", LABELS)
    assert found == pytest.approx(rate, abs=0.003)


def test_finds_that_error_explains_leave_next_to_nobody_bad() -> None:
    """Fewer finds than false alarms alone would make: a small rate, above zero."""
    assert 0.0 < base_rate(drawn(20, 1_000), "merchant", LABELS) < 0.005


def test_calibration_recovers_population_probabilities() -> None:
    """Margins from a sample of half bad ones become probabilities at a 5 % base rate."""
    random = np.random.default_rng(1)
    is_bad = np.repeat([1.0, 0.0], 4000)
    evidence = random.normal(2.0 * is_bad, 1.0)
    line = calibrate(3.0 * evidence - 1.0, is_bad, 0.05)
    # two normals one apart by 2: log likelihood ratio = 2 x - 2
    truth = 1.0 / (1.0 + np.exp(-(2.0 * evidence - 2.0 + np.log(0.05 / 0.95))))
    assert np.abs(line.score(3.0 * evidence - 1.0) - truth).max() < 0.05


def test_calibration_sees_through_errors_of_the_verdicts() -> None:
    """With verdicts that err as stated it finds nearly the line that true ones would give."""
    random = np.random.default_rng(1)
    is_bad = np.repeat([1.0, 0.0], 4000)
    margin = random.normal(2.0 * is_bad, 1.0)
    errors, draw = LABELS.errors, random.random(is_bad.size)
    right = np.where(is_bad > 0, draw < errors.sensitivity, draw < errors.specificity)
    told = np.where(right, is_bad, 1.0 - is_bad)
    best = calibrate(margin, is_bad, 0.05).score(margin)
    rates = {"sensitivity": errors.sensitivity, "specificity": errors.specificity}
    seen = calibrate(margin, told, 0.05, **rates).score(margin)
    taken_at_their_word = calibrate(margin, told, 0.05).score(margin)
    assert np.abs(seen - best).max() < 0.1
    assert np.abs(taken_at_their_word - best).max() > 0.2


def test_a_model_worse_than_chance_scores_the_base_rate() -> None:
    """A falling calibration line is cut to a constant."""
    is_bad = np.array([1.0, 1.0, 0.0, 0.0] * 10)
    line = calibrate(-is_bad, is_bad, 0.03)
    assert line.slope == 0.0
    np.testing.assert_allclose(line.score(np.array([-5.0, 5.0])), 0.03, atol=1e-3)


def test_cross_fit_never_sees_the_entity_it_predicts(training: Training) -> None:
    """A model of coin-flip labels does no better than chance on held-out entities."""
    coin = np.random.default_rng(3).permutation(training.last.size) % 2
    owner = np.repeat(coin, np.diff(training.last, prepend=-1)).astype(float)
    noise = replace(training, is_bad=owner)
    found = held_out(BoostedTrainer(MODEL), noise, Population(0.5), MODEL)
    assert ((found.score > 0) & (found.score < 1)).all()
    assert abs(np.mean((found.score > 0.5) == (coin > 0)) - 0.5) < 0.2


def test_quality_of_a_perfect_and_a_useless_score() -> None:
    """A perfect ranking has area 1; a constant one has the base rate."""
    is_bad = np.array([1.0] * 20 + [0.0] * 80)
    perfect = Quality(is_bad * 0.9 + 0.05, is_bad, Population(0.02), 0.01).measures
    assert perfect["auprc"] == pytest.approx(1.0)
    assert perfect["precision_at_50"] == pytest.approx(1.0)
    assert perfect["recall_at_50"] == pytest.approx(0.5)
    useless = Quality(np.full(100, 0.02), is_bad, Population(0.02), 0.01).measures
    assert useless["auprc"] == pytest.approx(0.02)
    assert useless["precision_at_50"] == pytest.approx(0.02)
    assert useless["ece"] == pytest.approx(0.0, abs=1e-9)
