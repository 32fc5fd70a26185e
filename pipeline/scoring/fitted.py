"""A model of one entity type with its proof: where it puts the judged, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.evaluation.judged_rows import JudgedRows
from pipeline.evaluation.population_curve import CurveDraws, calibrated, curve_draws
from pipeline.learning.cross_validation import HeldOut, Reference, held_out, share_above
from pipeline.learning.labels import reviewed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Model, Trainer
    from pipeline.population import BaseRate
    from pipeline.settings.build import Settings
    from pipeline.tree_model.calibration import Calibration


@dataclass(frozen=True)
class Fitted:
    """A model, and how it does on entities that did not teach it."""

    model: Model
    held_out: HeldOut
    calibration: Calibration
    """From its margin to a probability."""
    draws: CurveDraws
    """How much of the bad it reaches among those whom nobody has judged."""
    present: NDArray[np.float64]
    """(entities,) scores of those."""
    young_place: NDArray[np.float64]
    """(young rows,) places of those of whom nothing has matured."""

    def score_at(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows,) what today's unjudged in these places are scored."""
        highest = np.sort(self.present)[::-1]
        above = np.ceil(place * highest.size).astype(np.int64) - 1
        return np.asarray(highest[np.clip(above, 0, highest.size - 1)], dtype=np.float64)

    def judged_scores(self, training: Training) -> NDArray[np.float64]:
        """(judged,) `score_at` of the last row of each before the verdict.

        The place is one under a model that did not know it.
        """
        return self.score_at(self.held_out.place[training.last])


@dataclass(frozen=True)
class Lessons:
    """What a model of one entity type is learnt from and judged on."""

    training: Training
    reference: Reference
    labels: pl.DataFrame
    """Rows of `matured_labels`."""
    rate: BaseRate
    young: NDArray[np.float64]
    """(young rows, features) of those of whom nothing has matured: they teach nobody."""

    def fitted(self, trainer: Trainer, entity_type: str, settings: Settings) -> Fitted:
        """A model of these rows, placed, measured and calibrated."""
        training, unjudged = self.training, self.reference.present
        unseen = held_out(trainer, training, self.reference, settings.model)
        model = trainer.bins(training).model()
        margin = model.margin(unjudged)
        judged = judged_rows(training, unseen, self.labels, entity_type)
        count = max(margin.size, 1)
        errors = settings.labels.errors
        draws = curve_draws(judged, self.rate, errors, count, settings.evaluation)
        calibration = calibrated(draws, margin)
        young = share_above(margin, model.margin(self.young))
        return Fitted(model, unseen, calibration, draws, calibration.score(margin), young)


def judged_rows(
    training: Training, unseen: HeldOut, labels: pl.DataFrame, entity_type: str
) -> JudgedRows:
    """Where the rows of judged entities would stand, with whom they hang together."""
    own = labels.filter(pl.col("entity_type") == entity_type)
    first = own.sort("known_at", "label_id").unique("entity_id", keep="first")
    lot = first.filter(pl.col("source") == "exploration")["entity_id"]
    counts = np.diff(training.last, prepend=-1)
    owner = training.entity_id[training.last].astype(str)
    return JudgedRows(
        unseen.place,
        np.repeat(np.arange(counts.size), counts),
        unseen.is_bad,
        training.ring[training.last],
        np.isin(owner, lot.to_numpy().astype(str)),
        training.day,
        np.isin(owner, reviewed(labels, entity_type).to_numpy().astype(str)),
    )
