"""One entity type's model and the entities it is weighed against: questions about a profile.

Why only the model's text is read, by numpy alone: docs/decisions/0027-web-process.md.
A profile is a row (features,) in the order of the model, NaN where a value is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dashboard.explanations.records import FamilyPoints, ScoreChange
from pipeline.tree_model.checkable import Facts, standing_of
from pipeline.tree_model.counterfactuals import Flip, flips
from pipeline.tree_model.nearest import nearest
from pipeline.tree_model.rank_space import RankSpace
from pipeline.tree_model.shapley import base_score, baseline, family_change, family_points
from pipeline.tree_model.single_changes import Probe
from pipeline.tree_model.treeshap import contributions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.neighbourhoods import Subject
    from pipeline.tree_model.shapley import Credits
    from pipeline.tree_model.signal_columns import SignalColumns

    FloatArray = NDArray[np.float64]

PRECEDENTS = {"confirmed": 3, "cleared": 3, "ordinary": 1}
"""Look-alikes shown of each outcome: a precedent is one, a habit is three."""
SEPARATING = 2
"""Features named beside each: what tells two entities apart fits one cell."""
NOT_CONFIRMED = ("cleared", "ordinary")
_POINTS = {"family": pl.String, "points": pl.Float64}
CONTRIBUTIONS = (
    *("entity_id", "feature", "as_of", "base_margin", "value", "contribution", "low", "high"),
    *("peer_median", "peer_low", "peer_high", "peer_group", "peer_count"),
)
"""Columns of `Engine.contributions`; after the first those of `pages/investigate/contributions`."""
_ALIKES: dict[str, pl.DataType | type[pl.DataType]] = {
    "entity_id": pl.String,
    "outcome": pl.String,
    "as_of": pl.Date,
    "score": pl.Float64,
    "distance": pl.Float64,
    "usual": pl.Float64,
    "features": pl.List(pl.String),
}


@dataclass(frozen=True)
class Precedent:
    """A real entity as it looked on one day, with what became of it."""

    entity_id: str
    outcome: str
    as_of: date
    score: float


@dataclass(frozen=True, eq=False)
class Engine:
    """A model, its calibration, and the real entities that answers are measured against."""

    model: TreeModel
    calibration: Calibration
    families: tuple[str, ...]
    """The family of each feature."""
    moves: NDArray[np.int64]
    """Where each feature may move (`moves.moves_of`)."""
    background: FloatArray
    """(entities, features) the average that families are measured from."""
    space: RankSpace
    """The profiles of the precedents, in their order."""
    precedents: tuple[Precedent, ...]
    signals: SignalColumns | None = None
    """What two of the features follow from; None where the signals did not come with the scores."""

    def score(self, row: FloatArray) -> float:
        """Calibrated score of one profile."""
        return float(self.calibration.score(self.model.margin(row[None, :]))[0])

    def contributions(
        self, ids: Sequence[str], matrix: FloatArray, usual: pl.DataFrame
    ) -> pl.DataFrame:
        """What pushed the margins of profiles (entities, features), strongest first.

        `usual` are the rows of `pages/investigate/peers`: who is compared with what, for each
        feature that moves anybody. No other model is asked, so there are no whiskers.
        """
        names = np.array(self.model.features)
        parts = pl.DataFrame(
            {
                "entity_id": np.repeat(np.array(ids, dtype=str), names.size),
                "feature": np.tile(names, len(ids)),
                "value": matrix.ravel(),
                "contribution": contributions(self.model, matrix)[:, :-1].ravel(),
            }
        )
        unasked = pl.lit(None, dtype=pl.Float64)
        joined = usual.join(parts.fill_nan(None), on=["entity_id", "feature"])
        ordered = joined.with_columns(low=unasked, high=unasked).select(CONTRIBUTIONS)
        strength = pl.col("contribution").abs()
        return ordered.sort("entity_id", strength, "feature", descending=[False, True, False])

    def family_points(self, row: FloatArray) -> FamilyPoints | None:
        """Families of a profile's score; None where no background was stored."""
        if not len(self.background):
            return None
        return FamilyPoints(
            base_score(self.model, self.calibration, self.background),
            _points(
                family_points(self.model, self.calibration, row, self.background, self.families)
            ),
        )

    def held_by(
        self, subject: Subject, own_id: str, threshold: float, evidence: Collection[str] = ()
    ) -> Flip | None:
        """The findings without which the score would fall below `threshold`.

        Features of `evidence`, which the signals of its scheme ask for, are preferred.
        """
        ordinary = self._without(own_id)
        if not len(ordinary.matrix):
            return None
        standing = standing_of(self.model.features, self.families, evidence)
        tries = Facts(self.moves, standing).tries(subject.row, ordinary)
        return flips(self._probe, self.calibration, subject, threshold, tries, ordinary)

    def alikes(self, row: FloatArray, own_id: str) -> pl.DataFrame:
        """Nearest confirmed and cleared entities and the nearest ordinary one.

        Columns: entity_id, outcome, as_of (the day it looked so), score, distance (0..1), usual
        (within which 99 % find their nearest), features (what separates the two, strongest
        first).
        """
        if not self.precedents:
            return no_alikes()
        rows: list[tuple[object, ...]] = []
        for outcome, count in PRECEDENTS.items():
            places = self._places(outcome, own_id)
            for twin in nearest(self.model, row, self.space, places, count):
                precedent = vars(self.precedents[twin.place]).values()
                separating = list(twin.separating.names[:SEPARATING])
                rows.append((*precedent, twin.distance, self.space.usual, separating))
        return pl.DataFrame(rows, schema=_ALIKES, orient="row").sort("distance", "entity_id")

    def change(self, last: FloatArray, first: FloatArray) -> ScoreChange:
        """What moved the score from the profile `first` to the profile `last`."""
        margins = self.model.margin(np.stack([first, last]))
        names, values = list(self.model.features), {"first": first, "last": last}
        profiles = pl.DataFrame({"feature": names, **values}).fill_nan(None)
        credit = baseline(self.model, last, first)
        amounts = {"feature": credit.names, "contribution": credit.amounts}
        features = pl.DataFrame(amounts, schema={"feature": pl.String, "contribution": pl.Float64})
        return ScoreChange(
            self.score(first),
            self.score(last),
            float(margins[0]),
            float(margins[1]),
            _points(family_change(self.model, self.calibration, last, first, self.families)),
            features.join(profiles, on="feature", how="left", maintain_order="left"),
        )

    def _places(self, outcome: str, own_id: str) -> NDArray[np.int64]:
        """Rows of the precedents with an outcome, without the subject itself."""
        return np.flatnonzero(
            [one.outcome == outcome and one.entity_id != own_id for one in self.precedents]
        )

    def _without(self, own_id: str) -> RankSpace:
        """The precedents not confirmed as bad, without the subject itself."""
        own = np.array([one.entity_id == own_id for one in self.precedents], dtype=bool)
        if not (self._is_ordinary & own).any():
            return self._ordinary
        return RankSpace(self.space.matrix[self._is_ordinary & ~own], self._ordinary.weights)

    @cached_property
    def _probe(self) -> Probe:
        """The model as a search for changes reads it."""
        return Probe.of(self.model)

    @cached_property
    def _is_ordinary(self) -> NDArray[np.bool_]:
        return np.array([one.outcome in NOT_CONFIRMED for one in self.precedents], dtype=bool)

    @cached_property
    def _ordinary(self) -> RankSpace:
        """Those not confirmed as bad, alike or not by facts alone: sums of facts count nothing."""
        sums = self.signals.places if self.signals else ()
        return RankSpace(self.space.matrix[self._is_ordinary], self.space.weights).ignoring(sums)


def _points(credit: Credits) -> pl.DataFrame:
    return pl.DataFrame({"family": credit.names, "points": credit.amounts}, schema=_POINTS)


def no_alikes() -> pl.DataFrame:
    """The columns of `Engine.alikes` without a row."""
    return pl.DataFrame(schema=_ALIKES)
