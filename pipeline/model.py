"""What a risk model is: its trees and the parts of each margin.

One boosted model per entity type, because a shop, a creator, a listing and a
buyer share no features. What they learn from is chosen in `pipeline.labels` and
`pipeline.unlabelled`, how good they are is asked in `pipeline.held_out`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import lightgbm
import numpy as np

from pipeline.tables import query
from pipeline.trees import TreeModel
from pipeline.treeshap import contributions
from pipeline.unlabelled import weights

if TYPE_CHECKING:
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.calibration import Calibration
    from pipeline.labels import Training
    from pipeline.model_settings import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]

_THREADS = 2
"""For predicting: rows are many and independent, and a build has two cores."""


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
        margin = self._booster.predict(matrix, raw_score=True, num_threads=_THREADS)
        return np.asarray(margin, dtype=np.float64)

    def contributions(self, matrix: FloatArray) -> FloatArray:
        """TreeSHAP values on the margin, (n, features + 1); the last column is the base.

        Lundberg et al. 2020: exact for trees, and each row adds up to the margin. The values
        are those of LightGBM's own `pred_contrib`, found from the same text in bulk.
        """
        return contributions(TreeModel.of(self.text), matrix)


@dataclass(frozen=True)
class BoostedScorer:
    """Small deterministic LightGBM models."""

    settings: ModelSettings

    def fit(self, training: Training) -> BoostedModel:
        """Fixed number of shallow trees on weighted rows; bytes depend on the rows only.

        Unlabelled rows join as weak good ones (`pipeline.unlabelled`), and features with a
        sign can only move the margin that way.
        """
        matrix, is_bad, weight = training.matrix, training.is_bad, training.weight
        if training.unlabelled.size:
            weak = weights(training, self.settings.unlabelled_weight)
            matrix = np.concatenate([matrix, training.unlabelled])
            is_bad = np.concatenate([is_bad, np.zeros(weak.size)])
            weight = np.concatenate([weight, weak])
        chosen = self._parameters() | _held(training.signs)
        names = list(training.features)
        rows = lightgbm.Dataset(matrix, is_bad, weight=weight, feature_name=names, params=chosen)
        trees = lightgbm.train(chosen, rows, self.settings.trees)
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


def _held(signs: tuple[int, ...]) -> dict[str, Any]:
    """Parameters that hold features to their sign.

    The "intermediate" method bounds a leaf by its real neighbours; the basic one by the
    middle of its parent, which cost a hundredth of area.
    """
    if not any(signs):
        return {}
    told = ",".join(map(str, signs))
    return {"monotone_constraints": told, "monotone_constraints_method": "intermediate"}


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


def load_models(con: duckdb.DuckDBPyConnection) -> dict[str, BoostedModel]:
    """Models that the scores stage left in `scores.model_files`, by entity type."""
    files = query(con, "select entity_type, model_text from scores.model_files")
    return {kind: BoostedModel(text) for kind, text in files.sort("entity_type").iter_rows()}
