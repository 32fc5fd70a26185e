"""What a risk model is: its trees and the parts of each margin.

One boosted model per entity type, because a shop, a creator, a listing and a
buyer share no features. What they learn from is chosen in `pipeline.learning.labels` and
`pipeline.learning.pu_learning`, how good they are is asked in `pipeline.learning.cross_validation`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import lightgbm
import numpy as np

from pipeline.learning.pu_learning import weights
from pipeline.tables import query
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.treeshap import contributions

if TYPE_CHECKING:
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.learning.labels import Part, Training
    from pipeline.settings.models import ModelSettings
    from pipeline.tree_model.calibration import Calibration

    FloatArray: TypeAlias = NDArray[np.float64]


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


class Lessons(Protocol):
    """Training rows made ready once, for several models."""

    def model(self, seen: Part | None = None) -> Model:
        """A model of these rows, or of some of them; same rows, same model."""


class Scorer(Protocol):
    """What makes models out of training rows."""

    def lessons(self, training: Training) -> Lessons:
        """These rows, ready to be learnt from."""


@dataclass(frozen=True)
class BoostedModel:
    """Gradient-boosted trees, held as their text so that nothing is lost in storage."""

    text: str

    @cached_property
    def read(self) -> TreeModel:
        """The trees as arrays: a third of the time of LightGBM's own prediction, same sums."""
        return TreeModel.of(self.text)

    @property
    def features(self) -> tuple[str, ...]:
        """Columns of the matrices it takes, in order."""
        return self.read.features

    @property
    def trees(self) -> int:
        """Number of trees."""
        return len(self.read.trees)

    def margin(self, matrix: FloatArray) -> FloatArray:
        """Log odds before calibration, (n,)."""
        return self.read.margin(matrix)

    def contributions(self, matrix: FloatArray) -> FloatArray:
        """TreeSHAP values on the margin, (n, features + 1); the last column is the base.

        Lundberg et al. 2020: exact for trees, and each row adds up to the margin. The values
        are those of LightGBM's own `pred_contrib`, found from the same text in bulk.
        """
        return contributions(self.read, matrix)


@dataclass(frozen=True)
class BoostedScorer:
    """Small deterministic LightGBM models."""

    settings: ModelSettings

    def lessons(self, training: Training) -> BoostedLessons:
        """These rows, ready to be learnt from."""
        return BoostedLessons(training, self.settings)

    def fit(self, training: Training) -> BoostedModel:
        """One model of all of these rows."""
        return self.lessons(training).model()


@dataclass(frozen=True, eq=False)
class BoostedLessons:
    """Rows whose values are sorted into bins once, however many models learn from them.

    Unlabelled rows join as weak good ones (`pipeline.learning.pu_learning`), and features with
    a sign can only move the margin that way. A model of some rows shares the bins of all: where a
    bin ends tells nothing of a verdict.
    """

    training: Training
    settings: ModelSettings

    def model(self, seen: Part | None = None, seed: int | None = None) -> BoostedModel:
        """Fixed number of shallow trees on weighted rows; bytes depend on rows and seed only."""
        shown = self.training if seen is None else self.training.part(seen)
        return self._learnt(self._rows(seen), shown, self.settings.seed if seed is None else seed)

    def another(self, is_bad: FloatArray, seen: Part | None = None) -> BoostedModel:
        """A model of another question about the same rows: (n,) 1.0 yes, 0.0 no, all alike."""
        asked = replace(self.training, is_bad=is_bad, weight=np.ones(is_bad.size))
        shown = asked if seen is None else asked.part(seen)
        return self._learnt(self._rows(seen), shown, self.settings.seed)

    def _learnt(self, rows: lightgbm.Dataset, shown: Training, seed: int) -> BoostedModel:
        weak = weights(shown, self.settings.unlabelled_weight)
        rows.set_label(np.concatenate([shown.is_bad, np.zeros(weak.size)]))
        rows.set_weight(np.concatenate([shown.weight, weak]))
        booster = lightgbm.Booster(self._parameters | {"seed": seed}, rows)
        for _ in range(self.settings.trees):
            booster.update()
        return BoostedModel(booster.model_to_string())

    def _rows(self, seen: Part | None) -> lightgbm.Dataset:
        if seen is None:
            return self._bins
        chosen = np.concatenate([seen.rows, self.training.is_bad.size + seen.unlabelled])
        return self._bins.subset(chosen.tolist(), params=self._parameters).construct()

    @cached_property
    def _bins(self) -> lightgbm.Dataset:
        matrix, names = self.training.matrix, list(self.training.features)
        if self.training.unlabelled.size:
            matrix = np.concatenate([matrix, self.training.unlabelled])
        nothing = np.zeros(matrix.shape[0])
        rows = lightgbm.Dataset(matrix, nothing, feature_name=names, params=self._parameters)
        return rows.construct()

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        chosen = self.settings
        held = _held(self.training.signs)
        return held | {
            "objective": "binary",
            "deterministic": True,
            "force_col_wise": True,
            "enable_bundle": False,
            "verbosity": -1,
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
