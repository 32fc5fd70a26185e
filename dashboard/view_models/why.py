"""Why an entity scores: contributions as a waterfall, reasons as sentences.

Contributions are SHAP values in log-odds, so they add up: the base of the
average entity plus every contribution is this entity's margin. The ten
strongest are shown one by one and the rest as one bar, so the sum stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 10
REASON_LENGTH = 200


@dataclass(frozen=True)
class Reason:
    """One contribution in words. `contribution` in log-odds; positive raises the score."""

    feature: str
    label: str
    sentence: str
    value: str
    peer: str
    contribution: float
    has_evidence: bool


@dataclass(frozen=True)
class WhyView:
    """The bars of the waterfall and the sentences beside it, strongest first."""

    bars: pl.DataFrame
    base: float
    margin: float
    other_count: int
    other_sum: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    peer_text: str

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """For, then against."""
        return (*self.reasons_for, *self.reasons_against)

    def reason_of(self, feature: str) -> Reason | None:
        """The shown reason behind a feature name, if there is one."""
        return next((reason for reason in self.reasons if reason.feature == feature), None)

    @classmethod
    def of(cls, contributions: pl.DataFrame, entity_type: str, *, shown: int = SHOWN) -> WhyView:
        """The view of `pages/investigate/contributions`; `bars` is empty when it is.

        `bars` has label, value, contribution, start, end and kind (base, up, down, total).
        """
        if contributions.is_empty():
            return cls(_no_bars(), 0.0, 0.0, 0, 0.0, (), (), "")
        rows = contributions.rows(named=True)
        top, rest = rows[:shown], rows[shown:]
        base = float(rows[0]["base_margin"])
        other = sum(float(row["contribution"]) for row in rest)
        reasons = [_reason(entity_type, row) for row in top]
        return cls(
            bars=_bars(reasons, base, (len(rest), other)),
            base=base,
            margin=base + sum(float(row["contribution"]) for row in rows),
            other_count=len(rest),
            other_sum=other,
            reasons_for=tuple(r for r in reasons if r.contribution > 0),
            reasons_against=tuple(r for r in reasons if r.contribution < 0),
            peer_text=_peers(rows[0]),
        )


def _reason(entity_type: str, row: Mapping[str, Any]) -> Reason:
    name = str(row["feature"])

    def shown(value: float | None) -> str:
        return words.feature_value(entity_type, name, value)

    return Reason(
        feature=name,
        label=words.feature_label(entity_type, name),
        sentence=text.plain(
            words.reason(entity_type, name, row["value"], row["peer_median"]), length=REASON_LENGTH
        ),
        value=shown(row["value"]),
        peer=shown(row["peer_median"]),
        contribution=float(row["contribution"]),
        has_evidence=name in words.catalogue(entity_type),
    )


def _peers(row: Mapping[str, Any]) -> str:
    if not row["peer_group"]:
        return ""
    peers = text.plural(int(row["peer_count"] or 0), "entity", "entities")
    return f"Peers: {peers} in {row['peer_group']}"


def _no_bars() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "label": pl.String,
            "value": pl.String,
            "contribution": pl.Float64,
            "start": pl.Float64,
            "end": pl.Float64,
            "kind": pl.String,
        }
    )


def _bars(reasons: list[Reason], base: float, other: tuple[int, float]) -> pl.DataFrame:
    """Bars from the base up to the margin: the rest first, the strongest last."""
    steps = [(reason.label, reason.value, reason.contribution) for reason in reasons]
    if other[0]:
        steps.append((f"{other[0]} other features", "", other[1]))
    bars = [("Average entity", "", base, 0.0, base, "base")]
    level = base
    for label, value, step in reversed(steps):
        bars.append((label, value, step, level, level + step, "up" if step >= 0 else "down"))
        level += step
    bars.append(("This entity", "", level, 0.0, level, "total"))
    return pl.DataFrame(bars, schema=_no_bars().schema, orient="row")
