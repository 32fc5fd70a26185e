"""Look-alikes of both outcomes and the nearest clean twin, as one compact table.

A precedent argues better than a number, and only when both outcomes are looked
for with the same eye: as many confirmed as cleared, each with what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

OUTCOMES = {"confirmed": "Confirmed", "cleared": "Cleared", "ordinary": "Clean twin"}
BADGES = {"Confirmed": "red", "Cleared": "green", "Clean twin": "gray"}
_NOUNS = {
    "confirmed": "confirmed entity",
    "cleared": "cleared entity",
    "ordinary": "clean twin",
}
_VERY, _QUITE = 0.5, 1.0
"""Shares of the distance within which nearly every entity has a neighbour."""


@dataclass(frozen=True)
class Alike:
    """One look-alike; `key` is its node key."""

    key: str
    name: str
    outcome: str
    distance: str
    apart: str
    score: float | None
    as_of: date | None
    """The day it looked so: the judged as they were when they were judged."""


@dataclass(frozen=True)
class AlikesView:
    """Confirmed, cleared, then the clean twin; nearest first in each."""

    rows: tuple[Alike, ...]
    sentence: str

    def table(self) -> pl.DataFrame:
        """The rows as display columns, in display order."""
        columns: dict[str, list[Any]] = {
            "outcome": [[row.outcome] for row in self.rows],
            "name": [row.name for row in self.rows],
            "open": ["Open"] * len(self.rows),
            "compare": ["Compare"] * len(self.rows),
            "score": [row.score for row in self.rows],
            "as_of": [row.as_of for row in self.rows],
            "distance": [row.distance for row in self.rows],
            "apart": [text.plain(row.apart, length=44) for row in self.rows],
        }
        types: dict[str, pl.DataType | type[pl.DataType]] = {
            "outcome": pl.List(pl.String),
            "score": pl.Float64,
            "as_of": pl.Date,
        }
        return pl.DataFrame(columns, schema_overrides=types)

    @classmethod
    def of(cls, entity_type: str, alikes: pl.DataFrame, names: pl.DataFrame) -> AlikesView:
        """The view of `explainer.alikes` and `pages/investigate/entity_names`."""
        name_of = {row["entity_id"]: row["name"] for row in names.iter_rows(named=True)}
        rows = [
            _alike(entity_type, row, name_of.get(row["entity_id"]))
            for outcome in OUTCOMES
            for row in alikes.iter_rows(named=True)
            if row["outcome"] == outcome
        ]
        return cls(tuple(rows), _sentence(alikes))


def _alike(entity_type: str, row: Mapping[str, Any], name: str | None) -> Alike:
    apart = [words.feature_label(entity_type, feature) for feature in row["features"]]
    return Alike(
        key=f"{entity_type}:{row['entity_id']}",
        name=text.plain(name, length=23),
        outcome=OUTCOMES[row["outcome"]],
        distance=distance_words(row["distance"], row["usual"]),
        apart="; ".join(apart) or "nothing that moves the score",
        score=row["score"],
        as_of=row["as_of"],
    )


def distance_words(distance: float, usual: float) -> str:
    """A distance in words; `usual` is within which nearly every entity has a neighbour."""
    if distance <= usual * _VERY:
        return "very close"
    return "close" if distance <= usual * _QUITE else "distant"


def _sentence(alikes: pl.DataFrame) -> str:
    counts = {outcome: int((alikes["outcome"] == outcome).sum()) for outcome in OUTCOMES}
    missing = [_NOUNS[outcome] for outcome in OUTCOMES if not counts[outcome]]
    if len(missing) == len(OUTCOMES):
        return "No other entity is known well enough to compare with."
    if missing:
        return f"There is no {' and no '.join(missing)} to compare with."
    return "Nearest by what moves the score, both outcomes alike; a likeness proves nothing."
