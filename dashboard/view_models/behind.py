"""Who is behind a change: rings, subjects or kinds of risk by their share of it, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.measures import difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.registry import Kpi

KINDS = {
    "ring": "Rings",
    "merchant": "Shops",
    "creator": "Creators",
    "product": "Listings",
    "buyer": "Buyers",
    "typology": "Kinds of risk",
}
OF_RINGS = ("ring", "typology")
"""Kinds that anybody may belong to."""
NOBODY = {
    "creator": "Orders without a creator",
    "buyer": "Orders of guests",
}
LEAST_SHARE = 0.002
"""Of a change: less is not worth a row."""


@dataclass(frozen=True)
class Subject:
    """What is known of somebody today."""

    name: str
    market: str
    band: str
    """Of the alert, or of none."""
    doing: str
    """Where the case stands; empty without one."""


@dataclass(frozen=True)
class BehindView:
    """Display columns, and what each row opens: a page and its parameters, or nothing."""

    table: pl.DataFrame
    targets: tuple[tuple[str, dict[str, str]] | None, ...]

    @classmethod
    def of(
        cls, kind: str, rows: pl.DataFrame, kpi: Kpi, subjects: Mapping[str, Subject]
    ) -> BehindView:
        """The view of `pages/metrics/behind`, or `events_behind` of a metric that no order makes.

        `subjects` are by key, rings by their id.

        A row whose subject this viewer does not see is left out.
        """
        told = [
            row
            for row in rows.iter_rows(named=True)
            if abs(row["share"] or 0.0) >= LEAST_SHARE and _is_seen(kind, row, subjects)
        ]
        columns: dict[str, list[Any]] = {
            "name": [_name(kind, row, subjects, kpi) for row in told],
            "open": ["" if _target(kind, row) is None else "Open" for row in told],
            "market": [_subject(kind, row, subjects).market for row in told],
            "change": [difference(row["change"] or 0.0, kpi.unit) for row in told],
            "share": [row["share"] for row in told],
            "n": [row["n"] for row in told],
            "typology": [_typology(kind, row) for row in told],
            "band": [_subject(kind, row, subjects).band for row in told],
            "doing": [_subject(kind, row, subjects).doing for row in told],
        }
        table = pl.DataFrame(columns, schema_overrides={"share": pl.Float64, "n": pl.Int64})
        return cls(table, tuple(_target(kind, row) for row in told))


_NONE = Subject("", text.MISSING, "", "")


def key_of(kind: str, row: Mapping[str, Any]) -> str:
    """The key of a row's subject: a ring by its id, anybody else by type and id."""
    return str(row["entity_id"]) if kind == "ring" else f"{kind}:{row['entity_id']}"


def _is_seen(kind: str, row: Mapping[str, Any], subjects: Mapping[str, Subject]) -> bool:
    return kind == "typology" or row["entity_id"] is None or key_of(kind, row) in subjects


def _subject(kind: str, row: Mapping[str, Any], subjects: Mapping[str, Subject]) -> Subject:
    return subjects.get(key_of(kind, row), _NONE)


def _name(kind: str, row: Mapping[str, Any], subjects: Mapping[str, Subject], kpi: Kpi) -> str:
    if row["entity_id"] is None:
        what = "Orders" if kpi.is_of_cube else "Subjects"
        return f"{what} without a ring" if kind in OF_RINGS else NOBODY.get(kind, text.MISSING)
    if kind == "typology":
        return words.typology_title(str(row["entity_id"]))
    return _subject(kind, row, subjects).name


def _typology(kind: str, row: Mapping[str, Any]) -> str:
    if kind == "typology" or row["typology"] is None:
        return ""
    return words.typology_title(str(row["typology"]))


def _target(kind: str, row: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """A kind of risk opens its part of the queue, a ring its case, a subject itself."""
    if row["entity_id"] is None:
        return None
    if kind == "typology":
        return "queue", {"typology": str(row["entity_id"])}
    if kind == "ring":
        return "case", {"id": str(row["entity_id"])}
    return "investigate", {"entity": key_of(kind, row)}


def band_label(band: str | None) -> str:
    """The band of an alert in words; empty without one."""
    return theme.BAND_LABELS.get(band or "", "")
