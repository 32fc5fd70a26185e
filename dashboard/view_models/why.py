"""Why an entity scores: contributions as a path of bars, reasons as sentences.

Contributions are SHAP values in log-odds, so they add up: the base of the
average entity plus every contribution is this entity's margin. The strongest
are shown one by one and the rest as one bar, so the sum stays exact, also when
one family of features is looked at alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.bars import Ends, Step, no_bars, path, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

SHOWN = 10
"""Bars; the rest is one more."""
SENTENCES = 6
"""Sentences on each side, for and against alike, whichever is stronger."""
LEAST = 0.005
"""Log-odds below which a sentence would read 0.00."""
REASON_LENGTH = 200
OTHER = "other"
"""Family of a feature that no catalogue knows."""
EVERYBODY = "all "
"""How the name of the group begins that stands in for a small one (`pipeline.explaining.peers`)."""
_AVERAGE, _THIS = "Average entity", "This entity"


@dataclass(frozen=True)
class Reason:
    """One contribution in words. `contribution` in log-odds; positive raises the score."""

    feature: str
    label: str
    family: str
    sentence: str
    lift: str
    """How much more often such entities were confirmed; empty where nobody counted."""
    value: str
    peer: str
    contribution: float
    low: float | None
    high: float | None
    place: int | None
    """Its rank by strength; None where other models would rank it otherwise."""
    has_evidence: bool

    @property
    def step(self) -> Step:
        """The reason as a bar."""
        return Step(self.feature, self.label, self.contribution, self.value, self.low, self.high)


@dataclass(frozen=True)
class WhyView:
    """The bars of the path and the sentences beside it, strongest first."""

    bars: pl.DataFrame
    base: float
    margin: float
    other_count: int
    other_sum: float
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    every: tuple[Reason, ...]
    families: dict[str, str]
    """Families that have a contribution, by code: label and number of features."""
    has_whiskers: bool
    peer_text: str

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """For, then against."""
        return (*self.reasons_for, *self.reasons_against)

    def reason_of(self, feature: str) -> Reason | None:
        """The reason behind a feature name, shown or not, if there is one."""
        return next((reason for reason in self.every if reason.feature == feature), None)

    @classmethod
    def of(
        cls,
        contributions: pl.DataFrame,
        entity_type: str,
        *,
        lifts: pl.DataFrame | None = None,
        family: str = "",
        shown: int = SHOWN,
    ) -> WhyView:
        """The view of `pages/investigate/contributions`; `bars` is empty when it is.

        `lifts` are rows of `pages/investigate/lifts`, one a feature; `family` keeps its
        features only and folds every other into one bar.
        """
        if contributions.is_empty():
            return cls(
                no_bars(), 0.0, 0.0, 0, 0.0, (), (), (), {}, has_whiskers=False, peer_text=""
            )
        rows = contributions.rows(named=True)
        every = _reasons(entity_type, rows, lift_sentences(entity_type, lifts))
        inside = [reason for reason in every if family in {"", reason.family}]
        top = inside[:shown]
        rest = [reason for reason in every if reason not in top]
        base = float(rows[0]["base_margin"])
        other = sum(reason.contribution for reason in rest)
        return cls(
            bars=_bars(top, base, rest, every),
            base=base,
            margin=base + sum(reason.contribution for reason in every),
            other_count=len(rest),
            other_sum=other,
            reasons_for=tuple(r for r in inside if r.contribution >= LEAST)[:SENTENCES],
            reasons_against=tuple(r for r in inside if r.contribution <= -LEAST)[:SENTENCES],
            every=every,
            families=_families(every),
            has_whiskers=any(reason.low is not None for reason in every),
            peer_text=_peers(rows[0]),
        )


def family_of(entity_type: str, feature: str) -> str:
    """The code of the family a feature belongs to; `other` where no catalogue knows it."""
    known = words.catalogue(entity_type).get(feature)
    return known.family if known else OTHER


def lift_sentences(entity_type: str, lifts: pl.DataFrame | None) -> dict[str, str]:
    """Model-free sentences by feature, from rows of `pipeline.explaining.lifts.sharpest`."""
    if lifts is None or lifts.is_empty():
        return {}
    return {row["feature"]: _lift(entity_type, row) for row in lifts.iter_rows(named=True)}


def _lift(entity_type: str, row: Mapping[str, Any]) -> str:
    who = theme.ENTITY_LABELS.get(entity_type, entity_type)
    side = "or more" if row["side"] == "high" else "or less"
    edge = words.feature_value(entity_type, row["feature"], row["threshold"])
    label = words.feature_label(entity_type, row["feature"])
    span = f"{_times(row['lift_low'])}–{_times(row['lift_high'])}"
    drawn = "random checks" if row["sample"] == "random" else "verdicts"
    return (
        f"{who}s with {edge} {side} in “{label}” are confirmed {_times(row['lift'])} × as often "
        f"as all (n = {row['entities']:,} {drawn}, {span})"
    )


def _times(lift: float) -> str:
    return f"{lift:.0f}" if lift >= 9.95 else f"{lift:.1f}"  # noqa: PLR2004


def _reasons(
    entity_type: str, rows: Sequence[Mapping[str, Any]], lifts: Mapping[str, str]
) -> tuple[Reason, ...]:
    places = ranked(_step(row) for row in rows)
    return tuple(
        _reason(
            entity_type,
            row,
            # Under what lowers the score it would argue against its own side.
            lifts.get(row["feature"], "") if row["contribution"] > 0.0 else "",
            places.get(row["feature"]),
        )
        for row in rows
    )


def _step(row: Mapping[str, Any]) -> Step:
    name, low, high = str(row["feature"]), _known(row.get("low")), _known(row.get("high"))
    return Step(name, name, float(row["contribution"]), low=low, high=high)


def _known(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else float(number)


def _reason(
    entity_type: str, row: Mapping[str, Any], lift: str, place: tuple[int | None, int] | None
) -> Reason:
    name = str(row["feature"])

    def shown(value: float | None) -> str:
        return words.feature_value(entity_type, name, value)

    return Reason(
        feature=name,
        label=words.feature_label(entity_type, name),
        family=family_of(entity_type, name),
        sentence=text.plain(
            words.reason(entity_type, name, row["value"], row["peer_median"]), length=REASON_LENGTH
        ),
        lift=lift,
        value="unknown" if _known(row["value"]) is None else shown(row["value"]),
        peer=shown(row["peer_median"]),
        contribution=float(row["contribution"]),
        low=_known(row.get("low")),
        high=_known(row.get("high")),
        place=place[0] if place else None,
        has_evidence=name in words.catalogue(entity_type),
    )


def _families(reasons: Sequence[Reason]) -> dict[str, str]:
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason.family] = counts.get(reason.family, 0) + 1
    return {
        code: f"{label} ({counts[code]})"
        for code, label in words.family_labels().items()
        if code in counts
    }


def _peers(row: Mapping[str, Any]) -> str:
    if not row["peer_group"]:
        return ""
    peers = text.plural(int(row["peer_count"] or 0), "entity", "entities")
    if row["peer_group"].startswith(EVERYBODY):
        return f"Peers: {row['peer_group']}, {peers}; its own group is too small to compare with"
    return f"Peers: {peers} in {row['peer_group']}"


def _bars(
    top: Sequence[Reason], base: float, rest: Sequence[Reason], every: Sequence[Reason]
) -> pl.DataFrame:
    """Bars from the base up to the margin: the rest first, the strongest last."""
    steps = [reason.step for reason in top]
    if rest:
        other = sum(reason.contribution for reason in rest)
        steps.append(Step("", text.plural(len(rest), "other feature"), other))
    ranks = ranked(reason.step for reason in every)
    return path(steps, Ends(_AVERAGE, _THIS, base), ranks)
