"""What an analyst saw of subjects, as plain values: it is kept with what they decided.

Read at once for all that are decided at once, so that a decision about hundreds stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import explainer
from dashboard.errors import TableMissing
from dashboard.state import EntityRef
from dashboard.store import data_version, read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dashboard.cases.records import DecisionDraft

MOST_REASONS = 12
"""Contributions kept of each: what the page shows without scrolling."""
_REASON = ("feature", "value", "contribution", "peer_median")


def snapshots_of(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of each subject by key: score, band, alert, ring, signals, reasons, data and model.

    A part whose table was not built is empty; who is not in the data is left out.
    """
    wanted = sorted(keys)
    signals = _by_key("casebook/seen_signals", keys=wanted)
    reasons = _by_key("casebook/seen_reasons", keys=wanted, limit=MOST_REASONS)
    reasons |= _computed_reasons([key for key in wanted if key not in reasons])
    return {
        row["entity_key"]: {
            **row,
            "data_version": data_version(),
            "signals": signals.get(row["entity_key"], []),
            "reasons": reasons.get(row["entity_key"], []),
        }
        for row in _read("casebook/seen_subjects", keys=wanted).iter_rows(named=True)
    }


def with_snapshot(
    draft: DecisionDraft, seen: Mapping[str, dict[str, Any]], **shown: Any
) -> DecisionDraft:
    """`draft` with what was seen of its subject, what else was `shown`, and the model's version."""
    content = {**seen.get(draft.entity_key, {}), **shown}
    return replace(draft, snapshot=content, model_version=content.get("model_version"))


def _computed_reasons(keys: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By the trees, of subjects whose contributions the build does not store."""
    reasons: dict[str, list[dict[str, Any]]] = {}
    subjects_of_type = groupby(sorted(filter(None, map(EntityRef.parse, keys)), key=_type), _type)
    for entity_type, subjects in subjects_of_type:
        ids = [one.entity_id for one in subjects]
        rows = explainer.computed_contributions(entity_type, ids)
        for (entity_id,), own in rows.group_by("entity_id", maintain_order=True):
            first = own.head(MOST_REASONS).select(*_REASON)
            reasons[f"{entity_type}:{entity_id}"] = first.to_dicts()
    return reasons


def _type(entity: EntityRef) -> str:
    return entity.entity_type


def _by_key(name: str, **params: Any) -> dict[str, list[dict[str, Any]]]:
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in _read(name, **params).iter_rows(named=True):
        parts.setdefault(row.pop("entity_key"), []).append(row)
    return parts


def _read(name: str, **params: Any) -> pl.DataFrame:
    try:
        return read(name, **params)
    except TableMissing:
        return pl.DataFrame()
