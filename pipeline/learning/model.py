"""What a risk model is: its trees and the parts of each margin.

One boosted model per entity type, because a shop, a creator, a listing and a
buyer share no features. What they learn from is chosen in `pipeline.learning.labels` and
`pipeline.learning.pu_learning`, how good they are is asked in `pipeline.learning.cross_validation`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import lightgbm
import numpy as np

from pipeline.errors import StageError
from pipeline.learning.averaging import averaged
from pipeline.learning.pu_learning import weights
from pipeline.tables import query
from pipeline.tree_model.ensemble import TreeModel, with_common_cells
from pipeline.tree_model.errors import UnreadableModelError
from pipeline.tree_model.treeshap import contributions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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


class TrainingBins(Protocol):
    """Training rows made ready once, for several models."""

    def model(self, part: Part | None = None) -> Model:
        """A model of these rows, or of a part of them; same rows, same model.

        Two parts may be learnt from at once, each in a thread of its own.
        """


class Trainer(Protocol):
    """What makes models out of training rows."""

    def bins(self, training: Training) -> TrainingBins:
        """These rows, ready to be learnt from."""


@dataclass(frozen=True)
class BoostedModel:
    """Gradient-boosted trees, held as their text so that nothing is lost in storage."""

    text: str

    @cached_property
    def ensemble(self) -> TreeModel:
        """The trees as arrays: a third of the time of LightGBM's own prediction, same sums.

        Raises StageError for a text that would be misread.
        """
        try:
            return TreeModel.of(self.text)
        except UnreadableModelError as error:
            raise StageError(error.found, error.expected, error.remedy) from error

    @property
    def features(self) -> tuple[str, ...]:
        """Columns of the matrices it takes, in order."""
        return self.ensemble.features

    @property
    def trees(self) -> int:
        """Number of trees."""
        return len(self.ensemble.trees)

    def margin(self, matrix: FloatArray) -> FloatArray:
        """Log odds before calibration, (n,)."""
        return self.ensemble.margin(matrix)

    def contributions(self, matrix: FloatArray) -> FloatArray:
        """TreeSHAP values on the margin, (n, features + 1); the last column is the base.

        Lundberg et al. 2020: exact for trees, and each row adds up to the margin.
        """
        return contributions(self.ensemble, matrix)


@dataclass(frozen=True)
class BoostedTrainer:
    """Small deterministic LightGBM models."""

    settings: ModelSettings

    def bins(self, training: Training) -> BoostedBins:
        """These rows, ready to be learnt from."""
        return BoostedBins(training, self.settings)


@dataclass(frozen=True, eq=False)
class BoostedBins:
    """Rows whose values are sorted into bins once, however many models learn from them.

    Unlabelled rows join as weak good ones (`pipeline.learning.pu_learning`), and features with
    a sign can only move the margin that way. A model of a part of the rows shares the bins of
    all: where a bin ends tells nothing of a verdict.
    """

    training: Training
    settings: ModelSettings
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    """Rows are made ready by one thread; each part has rows of its own from then on."""

    def model(self, part: Part | None = None) -> BoostedModel:
        """Fixed number of shallow trees on weighted rows; bytes depend on rows and seed only."""
        rows = self.training if part is None else self.training.part(part)
        return self._fitted(self._dataset(part), rows, self.settings.seed)

    def of_target(self, target: FloatArray, part: Part | None = None) -> BoostedModel:
        """A model of another question about the same rows: (n,) 1.0 yes, 0.0 no, all alike."""
        whole = replace(self.training, is_bad=target, weight=np.ones(target.size))
        rows = whole if part is None else whole.part(part)
        return self._fitted(self._dataset(part), rows, self.settings.seed)

    def resampled(self, number: int) -> BoostedModel:
        """The model that other verdicts of the same kind would have given; `number` from 1 on.

        Rings are drawn with replacement, the bad and the good apart, and counted as often as
        they were drawn (bootstrap); the dice of the training differ too.
        """
        seed = self.settings.seed + number
        times = ring_counts(self.training, seed)
        part = self.training.where(times > 0)
        rows = self.training.part(part)
        counted = replace(rows, weight=rows.weight * times[part.rows])
        return self._fitted(self._dataset(part), counted, seed)

    def _fitted(self, dataset: lightgbm.Dataset, rows: Training, seed: int) -> BoostedModel:
        weak = weights(rows, self.settings.unlabelled_weight)
        dataset.set_label(np.concatenate([rows.is_bad, np.zeros(weak.size)]))
        dataset.set_weight(np.concatenate([rows.weight, weak]))
        text = self._boosted(dataset, self.settings.trees, {"seed": seed})
        if self.settings.extra_trees:
            own = {"seed": seed, "extra_trees": True, "num_leaves": self.settings.extra_leaves}
            text = averaged(text, self._boosted(dataset, self.settings.extra_trees, own))
        return BoostedModel(text)

    def _boosted(self, dataset: lightgbm.Dataset, trees: int, own: dict[str, Any]) -> str:
        """Text of so many trees, grown with a few parameters of their own."""
        booster = lightgbm.Booster(self._parameters | own, dataset)
        for _ in range(trees):
            booster.update()
        return booster.model_to_string()

    def _dataset(self, part: Part | None) -> lightgbm.Dataset:
        with self._lock:
            if part is None:
                return self._bins
            rows = np.concatenate([part.rows, self.training.is_bad.size + part.unlabelled])
            return self._bins.subset(rows.tolist(), params=self._parameters).construct()

    @cached_property
    def _bins(self) -> lightgbm.Dataset:
        matrix, names = self.training.matrix, list(self.training.features)
        if self.training.unlabelled.size:
            matrix = np.concatenate([matrix, self.training.unlabelled])
        no_label = np.zeros(matrix.shape[0])
        rows = lightgbm.Dataset(matrix, no_label, feature_name=names, params=self._parameters)
        return rows.construct()

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        own = self.settings
        return _monotone(self.training.signs) | {
            "objective": "binary",
            "deterministic": True,
            "force_col_wise": True,
            "enable_bundle": False,
            "verbosity": -1,
            "num_threads": own.threads,
            "learning_rate": own.learning_rate,
            "max_depth": own.max_depth,
            "num_leaves": own.leaves,
            "min_data_in_leaf": own.min_leaf_rows,
            "min_sum_hessian_in_leaf": own.min_leaf_hessian,
            "lambda_l2": own.lambda_l2,
            "feature_fraction": own.feature_fraction,
            "max_bin": own.max_bin,
        }


def margins(models: Sequence[Model], matrix: FloatArray) -> Iterator[FloatArray]:
    """Margins (n,) of the same rows (n, features) under several models of one training set."""
    trees = [model.ensemble for model in models if isinstance(model, BoostedModel)]
    if len(trees) < max(len(models), 1):
        yield from (model.margin(matrix) for model in models)
        return
    common = with_common_cells(trees)
    codes = common[0].codes(matrix)
    yield from (model.margin_of(codes) for model in common)


def _monotone(signs: tuple[int, ...]) -> dict[str, Any]:
    """Parameters that hold features to their sign.

    The "intermediate" method bounds a leaf by its real neighbours; the basic one by the
    middle of its parent, which cost a hundredth of area.
    """
    if not any(signs):
        return {}
    per_feature = ",".join(map(str, signs))
    return {"monotone_constraints": per_feature, "monotone_constraints_method": "intermediate"}


def ring_counts(training: Training, seed: int) -> FloatArray:
    """(n,) how often the ring of each row is drawn, of as many draws as there are rings.

    Rings with a bad member are drawn apart from the others, so that a sample has both.
    """
    random, owner = np.random.default_rng(seed), training.ring
    name = owner if owner.size else training.entity_id.astype(str)
    ring = np.unique(name, return_inverse=True)[1]
    is_bad = np.bincount(ring, weights=training.is_bad) > 0
    times = np.zeros(is_bad.size)
    for kind in (True, False):
        members = np.flatnonzero(is_bad == kind)
        if members.size:
            drawn = random.integers(members.size, size=members.size)
            times[members] = np.bincount(drawn, minlength=members.size)
    return times[ring]


def version(model: Model, calibration: Calibration) -> str:
    """Twelve hex digits that change whenever a score could."""
    terms = (model.text, ",".join(model.features), repr(calibration))
    return hashlib.blake2b("\n".join(terms).encode(), digest_size=6).hexdigest()


def load_models(con: duckdb.DuckDBPyConnection) -> dict[str, BoostedModel]:
    """Models that the scores stage left in `scores.model_files`, by entity type."""
    files = query(con, "select entity_type, model_text from scores.model_files")
    return {name: BoostedModel(text) for name, text in files.sort("entity_type").iter_rows()}
