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

    from dashboard.cases.standing import Standing

LANE = "unproven"
"""The lane as alerts and addresses name it."""
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
class AnomalyView:
    """What is unusual about one entity, strongest first."""

    place: str
    oddities: tuple[Oddity, ...]

    @classmethod
    def of(cls, entity_type: str, anomaly: pl.DataFrame) -> AnomalyView | None:
        """The view of `pages/investigate/anomaly`; None for whoever is not in the lane."""
        row = anomaly.row(0, named=True) if len(anomaly) else {}
        if not row.get("is_surfaced"):
            return None
        return cls(_place(entity_type, int(row["rank"])), oddities(entity_type, row))


def _place(entity_type: str, rank: int) -> str:
    label = theme.entity_label(entity_type).lower()
    return f"the most unusual {label}" if rank == 1 else f"number {rank:,} of the unusual {label}s"


def oddities(entity_type: str, row: Mapping[str, Any]) -> tuple[Oddity, ...]:
    """The named reasons of a row with reason_1, reason_1_z and so on."""
    reasons = ((row[f"reason_{n}"], row[f"reason_{n}_z"]) for n in (1, 2, 3))
    return tuple(
        Oddity(
            feature=name,
            label=words.feature_label(entity_type, name),
            sentence=f"{_far(z)} deviations {'above' if z > 0 else 'below'} its peers",
            has_evidence=name in words.catalogue(entity_type),
        )
        for name, z in reasons
        if name and z is not None and abs(z) >= NEAREST
    )


def _far(z: float) -> str:
    return f"{FARTHEST:.0f} or more" if abs(z) >= FARTHEST else f"{abs(z):.1f}"


def oddities_said(rows: pl.DataFrame) -> dict[str, list[str]]:
    """What is unusual by entity key, of rows of `pages/queue/anomalies`."""
    return {
        f"{row['entity_type']}:{row['entity_id']}": [
            f"{odd.label}: {odd.sentence}" for odd in oddities(row["entity_type"], row)
        ]
        for row in rows.iter_rows(named=True)
    }


def lane_table(rows: pl.DataFrame, statuses: Mapping[str, Standing]) -> pl.DataFrame:
    """Rows of `pages/queue/anomalies` as display columns; no score, no band, no priority."""
    named = rows.rows(named=True)
    odd = [oddities(row["entity_type"], row) for row in named]
    columns: dict[str, Any] = {
        "name": [text.plain(row["name"]) for row in named],
        "open": ["Open"] * len(named),
        "entity": [theme.entity_label(row["entity_type"]) for row in named],
        "peers": [row["peer_group"] or text.MISSING for row in named],
        "place": [row["rank"] for row in named],
        "status": [
            words.standing_status(statuses.get(f"{row['entity_type']}:{row['entity_id']}"))
            for row in named
        ],
    }
    columns |= {f"odd_{n + 1}": [_cell(one, n) for one in odd] for n in range(3)}
    return pl.DataFrame(columns)


def _cell(strongest: tuple[Oddity, ...], place: int) -> str:
    """How far first: a narrow column cuts the label, not the number."""
    if place >= len(strongest):
        return "" if strongest or place else TOGETHER
    odd = strongest[place]
    far = odd.sentence.removesuffix(" its peers").replace(" or more", "+")
    return f"{far.replace(' deviations', ' sd')} · {odd.label}"
