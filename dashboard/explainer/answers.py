"""The answers about one entity, each computed once per served file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.errors import TableMissing
from dashboard.explainer.inputs import engine_of, profiles, row_of, rows_of, subject_of
from dashboard.explanations.engine import no_alikes
from dashboard.store import data_version, read
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.explanations.records import FamilyPoints, ScoreChange
    from dashboard.state import EntityRef
    from pipeline.tree_model.counterfactuals import Flip

REMEMBERED = 256
"""Answers kept: every entity that a few analysts open in a day."""


def has_model(entity_type: str) -> bool:
    """Whether the trees that made the scores of a type came with them.

    Where a table is missing each panel that asks for it names it.
    """
    try:
        return not read("pages/investigate/model_file", entity_type=entity_type).is_empty()
    except TableMissing:
        return True


def contributions(entity: EntityRef) -> pl.DataFrame:
    """What pushed its score, as `pages/investigate/contributions`; no row where nothing says it.

    Of whom the build stores none the trees are asked.
    """
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    stored = read("pages/investigate/contributions", **who)
    if len(stored):
        return stored
    computed = computed_contributions(entity.entity_type, [entity.entity_id])
    return computed.drop("entity_id") if len(computed) else stored


def computed_contributions(entity_type: str, entity_ids: Sequence[str]) -> pl.DataFrame:
    """The same by the trees, of some entities of a type, in columns of `Engine.contributions`."""
    return _contributions(data_version(), entity_type, tuple(entity_ids))


def families(entity: EntityRef, as_of: date) -> FamilyPoints | None:
    """Families of an entity's score; None where there is no model or no profile."""
    return _families(data_version(), entity, as_of)


def held_by(entity: EntityRef, as_of: date, threshold: float, typology: str = "") -> Flip | None:
    """The findings without which the score would fall below `threshold`, if any.

    Those that the signals of a typology ask for are preferred.
    """
    return _held_by(data_version(), entity, as_of, (threshold, typology))


def alikes(entity: EntityRef, as_of: date) -> pl.DataFrame:
    """Its look-alikes, columns as in `Engine.alikes`; no row without a model or a profile."""
    return _alikes(data_version(), entity, as_of)


def change(entity: EntityRef, as_of: date, other: EntityRef, since: date) -> ScoreChange | None:
    """From `other` on `since` to `entity` on `as_of`; None where either has no profile."""
    return _change(data_version(), (entity, other), (as_of, since))


def profile(entity: EntityRef, as_of: date) -> dict[str, float | None]:
    """Every number about an entity at one snapshot by feature; empty when it was not there."""
    rows = profiles(entity.entity_type, [entity.entity_id], as_of).drop("entity_id")
    return rows.row(0, named=True) if len(rows) else {}


def band_threshold(band: str | None) -> float | None:
    """The score at which a band of the build begins; None for the lowest and for no band."""
    edges: dict[str, float] = dict(read("pages/investigate/bands").iter_rows())
    return edges.get(band or "")


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _contributions(version: str, entity_type: str, entity_ids: tuple[str, ...]) -> pl.DataFrame:
    try:
        who = {"entity_type": entity_type, "entity_ids": list(entity_ids)}
        usual = read("pages/investigate/peers", **who)
    except TableMissing:
        return pl.DataFrame()
    engine = engine_of(version, entity_type)
    if engine is None or usual.is_empty():
        return pl.DataFrame()
    ids, matrix = rows_of(engine, entity_type, list(entity_ids), usual["as_of"][0])
    return engine.contributions(ids, matrix, usual)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _families(version: str, entity: EntityRef, as_of: date) -> FamilyPoints | None:
    engine = engine_of(version, entity.entity_type)
    row = row_of(engine, entity, as_of)
    return None if engine is None or row is None else engine.family_points(row)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _held_by(version: str, entity: EntityRef, as_of: date, above: tuple[float, str]) -> Flip | None:
    threshold, typology = above
    engine = engine_of(version, entity.entity_type)
    subject = subject_of(engine, entity, as_of)
    if engine is None or subject is None:
        return None
    evidence = words.evidence_of(typology, entity.entity_type)
    return engine.held_by(subject, entity.entity_id, threshold, evidence)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _alikes(version: str, entity: EntityRef, as_of: date) -> pl.DataFrame:
    engine = engine_of(version, entity.entity_type)
    row = row_of(engine, entity, as_of)
    if engine is None or row is None:
        return no_alikes()
    return engine.alikes(row, entity.entity_id)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def _change(
    version: str, subjects: tuple[EntityRef, EntityRef], days: tuple[date, date]
) -> ScoreChange | None:
    engine = engine_of(version, subjects[0].entity_type)
    last, first = (row_of(engine, who, day) for who, day in zip(subjects, days, strict=True))
    if engine is None or last is None or first is None:
        return None
    return engine.change(last, first)
