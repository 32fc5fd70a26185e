"""What an analyst saw of subjects, as plain values: it is kept with what they decided.

Read at once for all that are decided at once, so that a decision about hundreds stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.errors import TableMissing
from dashboard.store import data_version, read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dashboard.cases.records import DecisionDraft

MOST_REASONS = 12
"""Contributions kept of each: what the page shows without scrolling."""


def snapshots_of(keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of each subject by key: score, band, alert, ring, signals, reasons, data and model.

    A part whose table was not built is empty; who is not in the data is left out.
    """
    wanted = sorted(keys)
    signals = _by_key("casebook/seen_signals", keys=wanted)
    reasons = _by_key("casebook/seen_reasons", keys=wanted, limit=MOST_REASONS)
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
