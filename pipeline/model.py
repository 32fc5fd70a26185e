"""What a risk model is: its trees, its explanation, its calibration.

One boosted model per entity type, because a shop, a creator, a listing and a
buyer share no features. A score is a probability in the population, not in the
labelled sample, which holds far more bad entities than the world does; that
correction lives here, next to the trees it corrects.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import lightgbm
import numpy as np

from pipeline.calibration import Calibration, log_odds, sigmoid
from pipeline.settings import ErrorSettings
from pipeline.tables import query

if TYPE_CHECKING:
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.labels import Training
    from pipeline.settings import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

_NEWTON_STEPS, _NEWTON_END = 100, 1e-10
_BELIEF_STEPS, _BELIEF_END, _LEAST_CHANCE = 60, 1e-4, 1e-12
FLAWLESS = ErrorSettings(sensitivity=1.0, specificity=1.0)
"""Verdicts that are always right."""


class Model(Protocol):
    """What scores and explains: any additive-on-the-margin model can stand here."""

    @property
    def text(self) -> str:
        """Everything needed to load it again; same input, same text."""

    @property
    def features(self) -> tuple[str, ...]:
        """Columns of the matrices it takes, in order."""

    @property
    def trees(self) -> int:
        """Size, for the model card."""

    def margin(self, matrix: FloatArray) -> FloatArray:
        """Log odds before calibration, (n,)."""

    def contributions(self, matrix: FloatArray) -> FloatArray:
        """Parts of the margin, (n, features + 1); the last column is the base."""


class Scorer(Protocol):
    """What makes a model out of training rows."""

    def fit(self, training: Training) -> Model:
        """A model of these rows; same rows, same model."""


@dataclass(frozen=True)
class BoostedModel:
    """Gradient-boosted trees, held as their text so that nothing is lost in storage."""

    text: str

    @cached_property
    def _booster(self) -> lightgbm.Booster:
        return lightgbm.Booster(model_str=self.text)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Columns of the matrices it takes, in order."""
        return tuple(self._booster.feature_name())

    @property
    def trees(self) -> int:
        """Number of trees."""
        return int(self._booster.num_trees())

    def margin(self, matrix: FloatArray) -> FloatArray:
        """Log odds before calibration, (n,)."""
        return np.asarray(self._booster.predict(matrix, raw_score=True), dtype=np.float64)

    def contributions(self, matrix: FloatArray) -> FloatArray:
        """TreeSHAP values on the margin, (n, features + 1); the last column is the base.

        Lundberg et al. 2020: exact for trees, and each row adds up to the margin.
        """
        return np.asarray(self._booster.predict(matrix, pred_contrib=True), dtype=np.float64)


@dataclass(frozen=True)
class BoostedScorer:
    """Small deterministic LightGBM models."""

    settings: ModelSettings

    def fit(self, training: Training) -> BoostedModel:
        """Fixed number of shallow trees on weighted rows; bytes depend on the rows only."""
        rows = lightgbm.Dataset(
            training.matrix,
            training.is_bad,
            weight=training.weight,
            feature_name=list(training.features),
            params=self._parameters(),
        )
        trees = lightgbm.train(self._parameters(), rows, self.settings.trees)
        return BoostedModel(trees.model_to_string())

    def _parameters(self) -> dict[str, Any]:
        chosen = self.settings
        return {
            "objective": "binary",
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
            "seed": chosen.seed,
            "num_threads": chosen.threads,
            "learning_rate": chosen.learning_rate,
            "max_depth": chosen.max_depth,
            "num_leaves": chosen.leaves,
            "min_data_in_leaf": chosen.min_leaf_rows,
            "min_sum_hessian_in_leaf": chosen.min_leaf_hessian,
            "lambda_l2": chosen.lambda_l2,
            "feature_fraction": chosen.feature_fraction,
            "max_bin": chosen.max_bin,
        }


def as_explanation(model: Model, matrix: FloatArray) -> Any:
    """The contributions as a `shap.Explanation`, for notebooks and shap's own plots."""
    import shap

    parts = model.contributions(matrix)
    names = list(model.features)
    return shap.Explanation(parts[:, :-1], parts[:, -1], matrix, feature_names=names)


def version(model: Model, calibration: Calibration) -> str:
    """Twelve hex digits that change whenever a score could."""
    terms = (model.text, ",".join(model.features), repr(calibration))
    return hashlib.blake2b("\n".join(terms).encode(), digest_size=6).hexdigest()


def calibrate(
    margin: FloatArray,
    is_bad: FloatArray,
    population_rate: float,
    errors: ErrorSettings = FLAWLESS,
) -> Calibration:
    """Platt scaling on held-out margins, then a correction to the population's base rate.

    Platt 1999 with his smoothed targets gives a, b such that sigmoid(a m + b) is the
    probability *in the labelled sample* of being bad, there s of all. Verdicts err, which
    would flatten the line at both ends: expectation-maximisation replaces each verdict by
    how likely it is true (Magder and Hughes 1997). Under label shift (the bad look alike in
    sample and population) the odds only change by a constant factor: b' = b +
    logit(population_rate) - logit(s); Elkan 2001 theorem 2, Saerens et al. 2002 eq. 4.
    Two parameters, because there are tens of positives. A slope below zero (a model worse
    than chance) is cut to zero: everybody then scores the base rate.
    """
    bad, good = is_bad.sum(), (1.0 - is_bad).sum()
    surest = (1.0 / (good + 2.0), (bad + 1.0) / (bad + 2.0))
    target = np.where(is_bad > 0, surest[1], surest[0])
    for _ in range(_BELIEF_STEPS):
        slope, intercept = _logistic_line(margin, target)
        if slope < 0.0:
            slope, intercept = 0.0, log_odds(float(target.mean()))
        belief = _belief(is_bad, sigmoid(slope * margin + intercept), errors).clip(*surest)
        moved, target = float(np.abs(belief - target).max()), belief
        if moved < _BELIEF_END:
            break
    return Calibration(slope, intercept + log_odds(population_rate) - log_odds(target.mean()))


def _belief(is_bad: FloatArray, chance: FloatArray, errors: ErrorSettings) -> FloatArray:
    """Probability that each verdict's subject is bad, given its chance before the verdict."""
    chance = chance.clip(_LEAST_CHANCE, 1.0 - _LEAST_CHANCE)
    heard_if_bad = np.where(is_bad > 0, errors.sensitivity, 1.0 - errors.sensitivity)
    heard_if_good = np.where(is_bad > 0, 1.0 - errors.specificity, errors.specificity)
    joint = heard_if_bad * chance
    return np.asarray(joint / (joint + heard_if_good * (1.0 - chance)), dtype=np.float64)


def _logistic_line(margin: FloatArray, target: FloatArray) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of soft targets on the margin.

    Newton's method; the smoothed targets keep the optimum finite, halving keeps it stable.
    """
    rows = np.column_stack([margin, np.ones_like(margin)])
    line: FloatArray = np.zeros(2)
    step: FloatArray = np.zeros(2)
    loss = np.inf
    for _ in range(_NEWTON_STEPS):
        logit = rows @ (line + step)
        now = float((np.logaddexp(0.0, logit) - target * logit).mean())
        if now > loss:
            step = step / 2.0
            continue
        line, loss, chance = line + step, now, sigmoid(logit)
        curvature = rows.T @ (rows * (chance * (1.0 - chance))[:, None]) + 1e-9 * np.eye(2)
        step = np.asarray(np.linalg.solve(curvature, rows.T @ (target - chance)), np.float64)
        if float(np.abs(step).max()) < _NEWTON_END:
            break
    return float(line[0]), float(line[1])


def cross_fit(
    scorer: Scorer,
    training: Training,
    population_rate: float,
    folds: int,
    errors: ErrorSettings = FLAWLESS,
) -> tuple[FloatArray, FloatArray]:
    """Held-out margin and calibrated score of every labelled entity, (entities,) each.

    All rows of an entity fall into one fold. The score of a fold comes from a calibration
    that has not seen that fold either.
    """
    fold = _folds(training, folds)
    judged, owner = training.rows(training.last), np.repeat(fold, _row_counts(training))
    margin, score = np.zeros(judged.is_bad.size), np.zeros(judged.is_bad.size)
    for number in range(folds):
        model = scorer.fit(training.rows(np.flatnonzero(owner != number)))
        margin[fold == number] = model.margin(judged.matrix[fold == number])
    for number in range(folds):
        seen = fold != number
        line = calibrate(margin[seen], judged.is_bad[seen], population_rate, errors)
        score[~seen] = line.score(margin[~seen])
    return margin, score


def _row_counts(training: Training) -> IntArray:
    return np.diff(training.last, prepend=-1)


def _folds(training: Training, folds: int) -> IntArray:
    """Fold of each entity: dealt out in hash order within bad and within good."""
    is_bad, names = training.is_bad[training.last], training.entity_id[training.last]
    order = np.array([hashlib.blake2b(str(name).encode()).hexdigest() for name in names])
    fold = np.zeros(names.size, dtype=np.int64)
    for label in (0.0, 1.0):
        group = np.flatnonzero(is_bad == label)
        fold[group[np.argsort(order[group])]] = np.arange(group.size) % folds
    return fold


def load_models(con: duckdb.DuckDBPyConnection) -> dict[str, BoostedModel]:
    """Models that the scores stage left in `scores.model_files`, by entity type."""
    files = query(con, "select entity_type, model_text from scores.model_files")
    return {kind: BoostedModel(text) for kind, text in files.sort("entity_type").iter_rows()}
