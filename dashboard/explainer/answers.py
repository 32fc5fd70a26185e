"""What a page asks the model itself: families, what holds a score, look-alikes, changes.

The build stores what everybody needs; these answers are for the one entity that is
open, exact and quick enough to be computed when it is looked at. Only the model's
text is read, by pure numpy: no library that trains is loaded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import streamlit as st

from dashboard.store import data_version, read
from dashboard.view_models import words
from dashboard.view_models.why import family_of
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.counterfactuals import Flip, flips, moves_of
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.nearest import nearest
from pipeline.tree_model.rank_space import Crowd
from pipeline.tree_model.shapley import base_score, baseline, family_change, family_points

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from dashboard.state import EntityRef

ALIKE = {"confirmed": 3, "cleared": 3, "ordinary": 1}
"""Look-alikes shown of each outcome: a precedent is one, a habit is three."""
SEPARATING = 2
"""Features named beside each: what tells two entities apart fits one cell."""
REMEMBERED = 256
"""Answers kept: every entity that a few analysts open in a day."""
CLEAN = ("cleared", "ordinary")
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
class Families:
    """Points of each family in one score: base + sum of points = score, all in 0..1."""

    base: float
    score: float
    points: pl.DataFrame


@dataclass(frozen=True)
class Change:
    """What moved the score from one profile to another, or tells two entities apart."""

    first_score: float
    last_score: float
    first_margin: float
    last_margin: float
    families: pl.DataFrame
    """family, points: adds up to last_score - first_score."""
    features: pl.DataFrame
    """feature, contribution, first, last: adds up to last_margin - first_margin."""


@dataclass(frozen=True, eq=False)
class Engine:
    """One entity type's model and the entities it is weighed against."""

    model: TreeModel
    calibration: Calibration
    families: tuple[str, ...]
    """The family of each feature."""
    background: NDArray[np.float64]
    crowd: Crowd
    ids: tuple[str, ...]
    """Who the rows of the crowd are, with the outcome of each in `outcomes`."""
    outcomes: tuple[str, ...]
    known: tuple[tuple[date, float], ...]
    """On which day each looked so, and its score then."""
    moves: NDArray[np.int64]

    def score(self, row: NDArray[np.float64]) -> float:
        """Calibrated score of one profile."""
        return float(self.calibration.score(self.model.margin(row[None, :]))[0])

    def among(self, outcome: str, own_id: str) -> NDArray[np.int64]:
        """Rows of the crowd with an outcome, without the subject itself."""
        told = np.array(self.outcomes) == outcome
        return np.flatnonzero(told & (np.array(self.ids) != own_id))

    def others(self, own_id: str) -> Crowd:
        """The crowd without those confirmed as bad, and without the subject itself."""
        own = np.array(self.ids) == own_id
        kept = self._clean & ~own
        same = bool((kept == self._clean).all())
        return self._ordinary if same else Crowd(self.crowd.matrix[kept], self.crowd.weights)

    @cached_property
    def _clean(self) -> NDArray[np.bool_]:
        return np.array([outcome in CLEAN for outcome in self.outcomes], dtype=bool)

    @cached_property
    def _ordinary(self) -> Crowd:
        return Crowd(self.crowd.matrix[self._clean], self.crowd.weights)


def families(entity: EntityRef, as_of: date) -> Families | None:
    """Families of an entity's score; None where there is no model or no profile."""
    return _families(data_version(), entity, as_of)


def held_by(entity: EntityRef, as_of: date, line: float) -> Flip | None:
    """The fewest findings without which the score would fall below `line`."""
    return _held_by(data_version(), entity, as_of, line)


def alikes(entity: EntityRef, as_of: date) -> pl.DataFrame:
    """Nearest confirmed and cleared entities and the nearest ordinary one.

    Columns: entity_id, outcome, as_of (the day it looked so), score, distance (0..1), usual
    (within which 99 % find their nearest), features (what separates the two, strongest first).
    """
    return _alikes(data_version(), entity, as_of)


def change(entity: EntityRef, as_of: date, other: EntityRef, since: date) -> Change | None:
    """From `other` on `since` to `entity` on `as_of`; None where either has no profile."""
    return _change(data_version(), (entity, other), (as_of, since))


def profile(entity: EntityRef, as_of: date) -> dict[str, float | None]:
    """Every number about an entity at one snapshot by feature; empty when it was not there."""
    found = _profiles(entity.entity_type, [entity.entity_id], as_of).drop("entity_id")
    return found.row(0, named=True) if len(found) else {}


def line_under(band: str | None) -> float | None:
    """The score at which a band of the build begins; None for the lowest and for no band."""
    edges: dict[str, float] = dict(read("pages/investigate/bands").iter_rows())
    return edges.get(band or "")


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _families(version: str, entity: EntityRef, as_of: date) -> Families | None:
    engine = _engine(version, entity.entity_type)
    row = _row(engine, entity, as_of)
    if engine is None or row is None or not len(engine.background):
        return None
    model, line, background = engine.model, engine.calibration, engine.background
    return Families(
        base_score(model, line, background),
        engine.score(row),
        family_points(model, line, row, background, engine.families),
    )


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _held_by(version: str, entity: EntityRef, as_of: date, line: float) -> Flip | None:
    engine = _engine(version, entity.entity_type)
    row = _row(engine, entity, as_of)
    if engine is None or row is None:
        return None
    others = engine.others(entity.entity_id)
    if not len(others.matrix):
        return None
    return flips(engine.model, engine.calibration, row, line, engine.moves, others)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _alikes(version: str, entity: EntityRef, as_of: date) -> pl.DataFrame:
    engine = _engine(version, entity.entity_type)
    row = _row(engine, entity, as_of)
    rows: list[tuple[object, ...]] = []
    if engine is not None and row is not None and engine.ids:
        for outcome, count in ALIKE.items():
            among = engine.among(outcome, entity.entity_id)
            found = nearest(engine.model, row, engine.crowd, among, count)
            for place, distance, apart, _ in found.iter_rows():
                who = (engine.ids[place], outcome, *engine.known[place])
                rows.append((*who, distance, engine.crowd.usual, apart[:SEPARATING]))
    return pl.DataFrame(rows, schema=_ALIKES, orient="row").sort("distance", "entity_id")


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _change(
    version: str, subjects: tuple[EntityRef, EntityRef], days: tuple[date, date]
) -> Change | None:
    engine = _engine(version, subjects[0].entity_type)
    last, first = (_row(engine, who, day) for who, day in zip(subjects, days, strict=True))
    if engine is None or last is None or first is None:
        return None
    margins = engine.model.margin(np.stack([first, last]))
    names, values = list(engine.model.features), {"first": first, "last": last}
    known = pl.DataFrame({"feature": names, **values}).fill_nan(None)
    credit = baseline(engine.model, last, first)
    return Change(
        engine.score(first),
        engine.score(last),
        float(margins[0]),
        float(margins[1]),
        family_change(engine.model, engine.calibration, last, first, engine.families),
        credit.join(known, on="feature", how="left", maintain_order="left"),
    )


@st.cache_resource(max_entries=10, show_spinner=False)
def _engine(version: str, entity_type: str) -> Engine | None:
    """The model of a type with its surroundings; None when the scores came without one."""
    del version  # part of the cache key: another file, another model
    file = read("pages/investigate/model_file", entity_type=entity_type)
    if file.is_empty() or not file["model_text"][0]:
        return None
    model = TreeModel.of(file["model_text"][0])
    long = read("pages/investigate/reference", entity_type=entity_type)
    who = ["entity_id", "outcome", "as_of", "score"]
    reference = long.pivot("feature", index=who, values="value")
    return Engine(
        model,
        Calibration(file["calibration_slope"][0], file["calibration_intercept"][0]),
        tuple(family_of(entity_type, name) for name in model.features),
        _background(entity_type, model),
        Crowd(_matrix(reference, model), _weights(entity_type, model)),
        tuple(reference["entity_id"]),
        tuple(reference["outcome"]),
        tuple(reference.select("as_of", "score").iter_rows()),
        moves_of(words.catalogue(entity_type), model.features),
    )


def _background(entity_type: str, model: TreeModel) -> NDArray[np.float64]:
    long = read("pages/investigate/background", entity_type=entity_type)
    return _matrix(long.pivot("feature", index="row", values="value"), model)


def _row(engine: Engine | None, entity: EntityRef, as_of: date) -> NDArray[np.float64] | None:
    """An entity's profile (features,) at one snapshot; None when it has none."""
    if engine is None:
        return None
    profile = _profiles(entity.entity_type, [entity.entity_id], as_of)
    return None if profile.is_empty() else _matrix(profile, engine.model)[0]


def _profiles(entity_type: str, entity_ids: list[str], as_of: date) -> pl.DataFrame:
    """One row per entity: entity_id and every feature."""
    name = f"pages/investigate/{entity_type}_profiles"
    long = read(name, entity_ids=entity_ids, as_of=as_of)
    if long.is_empty():
        return pl.DataFrame(schema={"entity_id": pl.String})
    return long.pivot("feature", index="entity_id", values="value")


def _matrix(wide: pl.DataFrame, model: TreeModel) -> NDArray[np.float64]:
    """The model's features as (rows, features); unknown, or a column that is gone, is NaN."""
    if wide.is_empty():
        return np.empty((0, len(model.features)))
    columns = [
        pl.col(name).cast(pl.Float64) if name in wide.columns else pl.lit(None, pl.Float64)
        for name in model.features
    ]
    named = [column.alias(name) for name, column in zip(model.features, columns, strict=True)]
    return wide.select(named).to_numpy().astype(np.float64)


def _weights(entity_type: str, model: TreeModel) -> NDArray[np.float64]:
    """What each feature counts when two entities are compared: what it moves on average."""
    asked = {"entity_type": entity_type, "limit": len(model.features)}
    rows = read("pages/model/importance", **asked)
    strength = dict(rows.select("feature", "mean_abs_contribution").iter_rows())
    return np.array([strength.get(name) or 0.0 for name in model.features])
