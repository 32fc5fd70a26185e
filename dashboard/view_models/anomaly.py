"""The unproven lane: unusual together, and nobody has judged such a thing yet.

Not a probability and never shown as one: how many entities of its kind are less
unusual, and in what it stands apart from its peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping

STATEMENT = "Unproven: unusual together, nobody has judged such a thing yet."
TOGETHER = "Unusual in the combination: no single number stands far from its peers"
FARTHEST = 10.0
"""Deviations at which the build stops counting (`scores.anomalies`)."""
NEAREST = 2.0
"""Deviations below which a number is as usual as one in twenty: not worth a line."""


@dataclass(frozen=True)
class Oddity:
    """One feature in which an entity stands apart."""

    feature: str
    label: str
    sentence: str
    """`8.2 deviations above its peers`."""
    has_evidence: bool


@dataclass(frozen=True)
class UnprovenView:
    """What is unusual about one entity, strongest first."""

    place: str
    oddities: tuple[Oddity, ...]

    @classmethod
    def of(cls, entity_type: str, anomaly: pl.DataFrame) -> UnprovenView | None:
        """The view of `pages/investigate/anomaly`; None for whoever is not in the lane."""
        row = anomaly.row(0, named=True) if len(anomaly) else {}
        if not row.get("is_surfaced"):
            return None
        kind = theme.ENTITY_LABELS.get(entity_type, entity_type).lower()
        place = "the most unusual" if row["rank"] == 1 else f"number {row['rank']:,} of the unusual"
        return cls(f"{place} {kind}s" if row["rank"] != 1 else f"{place} {kind}",
                   oddities(entity_type, row))  # fmt: skip


def oddities(entity_type: str, row: Mapping[str, Any]) -> tuple[Oddity, ...]:
    """The named reasons of a row with reason_1, reason_1_z and so on."""
    found = ((row[f"reason_{n}"], row[f"reason_{n}_z"]) for n in (1, 2, 3))
    return tuple(
        Oddity(
            feature=name,
            label=words.feature_label(entity_type, name),
            sentence=f"{_far(z)} deviations {'above' if z > 0 else 'below'} its peers",
            has_evidence=name in words.catalogue(entity_type),
        )
        for name, z in found
        if name and z is not None and abs(z) >= NEAREST
    )


def _far(z: float) -> str:
    return f"{FARTHEST:.0f} or more" if abs(z) >= FARTHEST else f"{abs(z):.1f}"


def oddities_said(rows: pl.DataFrame) -> dict[str, list[str]]:
    """What is unusual by entity key, of rows of `pages/queue/unproven`."""
    return {
        f"{row['entity_type']}:{row['entity_id']}": [
            f"{odd.label}: {odd.sentence}" for odd in oddities(row["entity_type"], row)
        ]
        for row in rows.iter_rows(named=True)
    }


def lane_table(rows: pl.DataFrame, statuses: Mapping[str, str]) -> pl.DataFrame:
    """Rows of `pages/queue/unproven` as display columns; no score, no band, no priority."""
    named = rows.rows(named=True)
    odd = [oddities(row["entity_type"], row) for row in named]
    columns: dict[str, Any] = {
        "name": [text.plain(row["name"]) for row in named],
        "open": ["Open"] * len(named),
        "kind": [theme.ENTITY_LABELS.get(row["entity_type"], row["entity_type"]) for row in named],
        "peers": [row["peer_group"] or text.MISSING for row in named],
        "place": [row["rank"] for row in named],
        "status": [
            words.STATE_LABELS.get(
                statuses.get(f"{row['entity_type']}:{row['entity_id']}", ""), words.UNTOUCHED
            )
            for row in named
        ],
    }
    columns |= {f"odd_{n + 1}": [_cell(found, n) for found in odd] for n in range(3)}
    return pl.DataFrame(columns)


def _cell(found: tuple[Oddity, ...], place: int) -> str:
    """How far first: a narrow column cuts the label, not the number."""
    if place >= len(found):
        return "" if found or place else TOGETHER
    odd = found[place]
    far = odd.sentence.removesuffix(" its peers").replace(" or more", "+")
    return f"{far.replace(' deviations', ' sd')} · {odd.label}"
