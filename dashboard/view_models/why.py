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

LIMIT = 10
"""Bars; the rest is one more."""
SENTENCES = 6
"""Sentences on each side, for and against alike, whichever is stronger."""
LEAST = 0.005
"""Log-odds below which a factor would read ×1.00."""
REASON_LENGTH = 200
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
    contribution: float
    low: float | None
    high: float | None
    has_evidence: bool

    @property
    def step(self) -> Step:
        """The reason as a bar."""
        return Step(self.feature, self.label, self.contribution, self.value, self.low, self.high)


@dataclass(frozen=True)
class WhyView:
    """The bars of the path and the sentences beside it, strongest first."""

    bars: pl.DataFrame
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    feature_count: int
    """Features that have a contribution, of whatever family."""
    families: dict[str, str]
    """Families that have a contribution, by code: label and number of features."""
    has_whiskers: bool
    peer_text: str
    is_log_odds: bool = True
    """Whether contributions add up to log odds; points that another model hands over may not."""

    @classmethod
    def of(
        cls,
        contributions: pl.DataFrame,
        entity_type: str,
        *,
        lifts: pl.DataFrame | None = None,
        family: str = "",
        is_handed_over: bool = False,
        is_log_odds: bool = True,
    ) -> WhyView:
        """The view of `pages/investigate/contributions`; `bars` is empty when it is.

        `lifts` are rows of `pages/investigate/lifts`, one a feature; `family` keeps its
        features only and folds every other into one bar. What was handed over without a value
        is said to be so; whether its margins are log odds says `pages/model/models`.
        """
        if contributions.is_empty():
            return cls(no_bars(), (), (), 0, {}, has_whiskers=False, peer_text="")
        rows = contributions.rows(named=True)
        said = lift_sentences(entity_type, lifts)
        every = tuple(
            _reason(entity_type, row, said.get(row["feature"], ""), is_handed_over=is_handed_over)
            for row in rows
        )
        inside = [reason for reason in every if family in {"", reason.family}]
        return cls(
            bars=_bars(inside[:LIMIT], every, float(rows[0]["base_margin"])),
            reasons_for=tuple(r for r in inside if r.contribution >= LEAST)[:SENTENCES],
            reasons_against=tuple(r for r in inside if r.contribution <= -LEAST)[:SENTENCES],
            feature_count=len(every),
            families=_families(every),
            has_whiskers=any(reason.low is not None for reason in every),
            peer_text=_peers(rows[0]),
            is_log_odds=is_log_odds,
        )


def lift_sentences(entity_type: str, lifts: pl.DataFrame | None) -> dict[str, str]:
    """Model-free sentences by feature, from rows of `pipeline.explaining.lifts.sharpest`."""
    if lifts is None or lifts.is_empty():
        return {}
    return {row["feature"]: _lift(entity_type, row) for row in lifts.iter_rows(named=True)}


def _lift(entity_type: str, row: Mapping[str, Any]) -> str:
    who = theme.entity_label(entity_type)
    label = words.feature_label(entity_type, row["feature"])
    edge = words.feature_bound(
        entity_type, row["feature"], row["threshold"], is_above=row["side"] == "high"
    )
    if not edge:
        return ""
    span = f"{_times(row['lift_low'])}–{_times(row['lift_high'])}"
    sample = "random checks" if row["sample"] == "random" else "verdicts"
    return (
        f"{who}s with “{label}: {edge}” are confirmed {_times(row['lift'])} times as often "
        f"as all (n = {row['entities']:,} {sample}, {span})"
    )


def _times(lift: float) -> str:
    return f"{lift:.0f}" if lift >= 9.95 else f"{lift:.1f}"  # noqa: PLR2004


def _number(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else float(number)


def _reason(entity_type: str, row: Mapping[str, Any], lift: str, *, is_handed_over: bool) -> Reason:
    name, value = str(row["feature"]), _number(row["value"])
    return Reason(
        feature=name,
        label=words.feature_label(entity_type, name),
        family=words.family_of(entity_type, name),
        sentence=text.plain(
            words.reason(
                entity_type, name, value, row["peer_median"], is_handed_over=is_handed_over
            ),
            length=REASON_LENGTH,
        ),
        # Under what lowers the score it would argue against its own side.
        lift=lift if row["contribution"] > 0.0 else "",
        value="unknown" if value is None else words.feature_value(entity_type, name, value),
        contribution=float(row["contribution"]),
        low=_number(row.get("low")),
        high=_number(row.get("high")),
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


def _bars(top: Sequence[Reason], every: Sequence[Reason], base: float) -> pl.DataFrame:
    """Bars from the base up to the margin: the rest first, the strongest last."""
    steps = [reason.step for reason in top]
    rest = [reason.contribution for reason in every if reason not in top]
    if rest:
        steps.append(Step("", text.plural(len(rest), "other feature"), sum(rest)))
    ranks = ranked(reason.step for reason in every)
    return path(steps, Ends(_AVERAGE, _THIS, base), ranks)


def unexplained(model: Mapping[str, Any] | None, *, has_contributions: bool) -> tuple[str, str]:
    """Why an entity has no contributions, and what would give it some.

    `model` is the row of its type in `pages/model/models`; None where there is none.
    """
    if model is None or model["model_version"] is None:
        return "There is no score to explain.", "No model scores entities of its kind."
    if model["calibrated_on"] != "handed over":
        return "This entity was not explained.", "Only entities of the last snapshot are."
    if not has_contributions:
        return words.NO_CONTRIBUTIONS, _HANDED_OVER.format("those of its kind")
    found = "Not explained: the contributions file has no row of it."
    return found, _HANDED_OVER.format("its own rows")


_HANDED_OVER = "Its score was handed over; {} in a contributions.parquet would say why."
