"""The raw rows behind one number, and the number recomputed from them.

An analyst may only act on a number whose rows are on the screen; when the
recomputed value and the stored one disagree, the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isclose
from typing import Any

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words

PAGE_SIZE = 25


@dataclass(frozen=True)
class Values:
    """One feature of one entity, three times; None = no value."""

    stored: float | None
    recomputed: float | None
    peer: float | None
    """The median of its peers."""


@dataclass(frozen=True)
class EvidenceView:
    """One page of evidence rows, and whether they bear the stored number out."""

    label: str
    table: pl.DataFrame
    total: int
    page: int
    pages: int
    stored: str
    recomputed: str
    peer: str
    verdict: str

    @classmethod
    def of(
        cls,
        entity_type: str,
        feature: str,
        rows: pl.DataFrame,
        values: Values,
        page: int = 1,
    ) -> EvidenceView:
        """The view of evidence `rows`."""
        pages = max(1, ceil(len(rows) / PAGE_SIZE))
        number = min(max(page, 1), pages)
        return cls(
            label=words.feature_label(entity_type, feature),
            table=plain_cells(rows.slice((number - 1) * PAGE_SIZE, PAGE_SIZE)),
            total=len(rows),
            page=number,
            pages=pages,
            stored=words.feature_value(entity_type, feature, values.stored),
            recomputed=words.feature_value(entity_type, feature, values.recomputed),
            peer=words.feature_value(entity_type, feature, values.peer),
            verdict=_verdict(_agrees(values)),
        )


def plain_cells(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every text made safe for a cell."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    return rows.with_columns(mapped(rows, name, _cell, skip_nulls=True) for name in texts)


def _cell(value: Any) -> str:
    return text.plain(value, length=80) if value else ""


def _agrees(values: Values) -> bool | None:
    """None where there is no value to compare with."""
    if values.stored is None or values.recomputed is None:
        return None if values.stored is None and values.recomputed is None else False
    return isclose(values.stored, values.recomputed, rel_tol=1e-6, abs_tol=1e-9)


def _verdict(agrees: bool | None) -> str:
    if agrees is None:
        return "Too little history for a value."
    if agrees:
        return "Recomputed from these rows: same value."
    return "Recomputed from these rows: another value. Do not rely on this number; report it."
