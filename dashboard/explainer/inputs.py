"""What the answers are computed from: a type's model with its surroundings, and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import streamlit as st

from dashboard.errors import TableMissing
from dashboard.explanations.engine import Engine, Precedent
from dashboard.explanations.signals import signal_columns
from dashboard.store import data_version, has_table, read
from dashboard.view_models import words
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.moves import moves_of
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.rank_space import RankSpace

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from dashboard.state import EntityRef
    from pipeline.tree_model.signal_columns import SignalColumns

ROWS = 64
"""Profiles kept: those of whoever is open."""
ENGINES = 10
"""Engines kept: those of every entity type, of the file that is served and of the one before."""


@st.cache_resource(max_entries=ENGINES, show_spinner=False)
def engine_of(version: str, entity_type: str) -> Engine | None:
    """The engine of a type; None when the scores came without a model."""
    del version  # part of the cache key: another file, another model
    file = read("pages/investigate/model_file", entity_type=entity_type)
    if file.is_empty() or not file["model_text"][0]:
        return None
    model = TreeModel.of(file["model_text"][0])
    signals = _signals(entity_type, model)
    if signals is not None:
        model = model.with_cuts(signals.cuts())
    long = read("pages/investigate/reference", entity_type=entity_type)
    who = ["entity_id", "outcome", "as_of", "score"]
    reference = long.pivot("feature", index=who, values="value")
    return Engine(
        model,
        Calibration(file["calibration_slope"][0], file["calibration_intercept"][0]),
        tuple(words.family_of(entity_type, name) for name in model.features),
        moves_of(words.catalogue(entity_type), model.features),
        _background(entity_type, model),
        RankSpace(_matrix(reference, model), _weights(entity_type, model)),
        tuple(Precedent(*row) for row in reference.select(who).iter_rows()),
        signals,
    )


def row_of(engine: Engine | None, entity: EntityRef, as_of: date) -> NDArray[np.float64] | None:
    """An entity's profile (features,) at one snapshot; None when it has none."""
    return None if engine is None else _row(data_version(), entity, as_of, engine)


@st.cache_data(max_entries=ROWS, show_spinner=False)
def _row(
    version: str, entity: EntityRef, as_of: date, _engine: Engine
) -> NDArray[np.float64] | None:
    """Kept: families, findings and look-alikes of one entity ask for the same."""
    del version  # part of the cache key, which says whose engine it is too
    _, rows = rows_of(_engine, entity.entity_type, [entity.entity_id], as_of)
    return rows[0] if len(rows) else None


def rows_of(
    engine: Engine, entity_type: str, entity_ids: list[str], as_of: date
) -> tuple[list[str], NDArray[np.float64]]:
    """The entities that have a profile at one snapshot, and their profiles (entities, features)."""
    wide = profiles(entity_type, entity_ids, as_of)
    return wide["entity_id"].to_list(), _matrix(wide, engine.model)


def subject_of(engine: Engine | None, entity: EntityRef, as_of: date) -> Subject | None:
    """An entity's profile with what follows from its facts; None when it has no profile."""
    row = row_of(engine, entity, as_of)
    if engine is None or row is None:
        return None
    if engine.signals is None:
        return Subject(row)
    wide = profiles(entity.entity_type, [entity.entity_id], as_of)
    others = {name: wide[name][0] for name in engine.signals.others if name in wide.columns}
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id, "as_of": as_of}
    firing = set(read("pages/investigate/firings", **who).iter_rows())
    return Subject(row, engine.signals.of_subject(row, others, firing))


def profiles(entity_type: str, entity_ids: list[str], as_of: date) -> pl.DataFrame:
    """One row per entity: entity_id and every feature."""
    name = f"pages/investigate/{entity_type}_profiles"
    long = read(name, entity_ids=entity_ids, as_of=as_of)
    if long.is_empty():
        return pl.DataFrame(schema={"entity_id": pl.String})
    return long.pivot("feature", index="entity_id", values="value")


def _signals(entity_type: str, model: TreeModel) -> SignalColumns | None:
    """The signals that speak against entities of a type; None in a file without them."""
    try:
        conditions = read("pages/investigate/conditions", entity_type=entity_type)
    except TableMissing:
        return None
    off: set[str] = set()
    if has_table("meta.unavailable"):
        unavailable = read("pages/data/unavailable").filter(
            (pl.col("kind") == "signal") & (pl.col("entity_type") == entity_type)
        )
        off = set(unavailable["name"])
    return signal_columns(model.features, conditions, off)


def _background(entity_type: str, model: TreeModel) -> NDArray[np.float64]:
    long = read("pages/investigate/background", entity_type=entity_type)
    return _matrix(long.pivot("feature", index="row", values="value"), model)


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
    params = {"entity_type": entity_type, "limit": len(model.features)}
    rows = read("pages/model/importance", **params)
    strength = dict(rows.select("feature", "mean_abs_contribution").iter_rows())
    return np.array([strength.get(name) or 0.0 for name in model.features])
