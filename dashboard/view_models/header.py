"""The head of an investigation: who it is, how risky, and why it is worth the time.

Everything that decides the order of the queue is shown term by term, because an
analyst who cannot see why this one comes first will not trust the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.anomaly import AnomalyView
from dashboard.view_models.case_standings import alert_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboard.cases.standing import AlertNow

# How the life of an entity began; accounts are registered.
_BORN = {"product": "listed", "live_session": "aired"}


# Terms of the card that are left out where they are nothing, with their columns.
_OPTIONAL = {
    "Harm": "harm_usd",
    "Cost of holding": "hold_cost_usd",
    "Waiting adds": "ageing_boost",
}


@dataclass(frozen=True)
class PriorityTerm:
    """One line of the card."""

    label: str
    value: str


@dataclass(frozen=True)
class HeaderView:
    """Identity, score and trend of one entity. `score` in 0..1, None = not scored."""

    entity_key: str
    entity_type: str
    entity_id: str
    label: str
    """What kind of entity it is, in words."""
    name: str
    full_name: str
    market: str
    category: str
    peer_group: str
    age: str
    registered: str
    as_of: date | None
    score: float | None
    score_text: str
    band: str | None
    place: str
    trend: pl.DataFrame
    change: str
    typology: str
    typology_title: str
    anomaly: AnomalyView | None
    """What is unusual, for whoever stands in the unproven lane: it then has no probability."""
    by_signals: bool = False
    """Whether signals brought it here while its score is low or missing."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Identity in one line."""
        born = f"{_BORN.get(self.entity_type, 'registered')} {self.registered}"
        # An age in brackets is a length of life; a live session was over the same day.
        is_past = self.entity_type == "live_session" and self.age not in {"today", text.MISSING}
        since = f"{born}, {self.age} ago" if is_past else f"{born} ({self.age})"
        facts = (self.label, self.market, self.category, since)
        return tuple(fact for fact in facts if fact)

    @classmethod
    def of(
        cls,
        entity: pl.DataFrame,
        score: pl.DataFrame,
        trend: pl.DataFrame,
        typologies: pl.DataFrame,
        anomaly: pl.DataFrame | None = None,
        *,
        signals: str = "",
    ) -> HeaderView:
        """The view of one row of `pages/investigate/entity` with its scores (may be empty).

        `signals` is the typology whose signals opened its alert; empty = they did not.
        """
        row = entity.row(0, named=True)
        scored = score.row(0, named=True) if len(score) else {}
        name = text.name_of(row["name"])
        entity_type = str(row["entity_type"])
        # A pack may half fit anybody; below the bands that would be an accusation.
        is_suspect = scored.get("score_band") not in {None, "LOW"}
        typology = typologies["typology"][0] if is_suspect and len(typologies) else signals
        number = scored.get("score")
        return cls(
            entity_key=f"{entity_type}:{row['entity_id']}",
            entity_type=entity_type,
            entity_id=str(row["entity_id"]),
            label=theme.entity_label(entity_type),
            name=name.short,
            full_name=name.full,
            market=str(row["market"] or text.MISSING),
            category=str(row["category"] or ""),
            peer_group=str(row["peer_group"] or text.MISSING),
            age=text.age(row["registered_at"], row["as_of"]),
            registered=_day(row["registered_at"]),
            as_of=row["as_of"],
            score=number,
            score_text=text.MISSING if number is None else f"{number:.3f}",
            band=scored.get("score_band"),
            place=_place(scored, entity_type),
            trend=trend,
            change=_change(trend),
            typology=typology,
            typology_title=words.typology_title(typology) if typology else "",
            anomaly=AnomalyView.of(entity_type, pl.DataFrame() if anomaly is None else anomaly),
            by_signals=bool(signals),
        )


@dataclass(frozen=True)
class PriorityView:
    """Why this one: the terms of the best alert of an entity, worst case first."""

    terms: tuple[PriorityTerm, ...] = ()
    typology: str = ""
    typology_title: str = ""
    community_id: str = ""
    community_text: str = ""
    opened: str = ""
    problem: str = ""
    """Why there are no terms, when the database is the reason."""
    lane: str = ""
    alert: AlertNow | None = None
    """What a decision answers; None = there is no alert."""
    judged: str = ""
    """The last word that the build knows on the subject, in words; empty = none."""

    @property
    def signals(self) -> str:
        """The typology whose signals opened the best alert; empty = a score did, or nobody."""
        return self.typology if self.lane == "signals" else ""

    @classmethod
    def of(cls, alerts: pl.DataFrame) -> PriorityView:
        """The view of `pages/investigate/priority_terms`; empty terms = no open alert."""
        if alerts.is_empty():
            return cls()
        row = alerts.row(0, named=True)
        members = row["community_members"]
        return cls(
            terms=_terms(row),
            typology=str(row["typology"] or ""),
            typology_title=words.typology_title(row["typology"]),
            community_id=str(row["community_id"] or ""),
            community_text=f"One of {members:,} in a community" if members else "",
            opened=_opened(row),
            lane=row["lane"],
            alert=alert_now(row),
            judged=_judged(row),
        )


def _judged(row: Mapping[str, Any]) -> str:
    if row["judged_on"] is None:
        return ""
    word = "confirmed" if row["judged_label"] == "bad" else "cleared"
    return f"Before: {word} on {row['judged_on']}"


def _opened(row: Mapping[str, Any]) -> str:
    since = f"opened {row['opened_on']}, {text.plural(row['age_days'], 'day')} ago"
    shared = row["ring_share"]
    parts = [
        since,
        _outcomes(row) if _is_by_signals(row) else "",
        f"borne by the {row['loss_bearer']}" if row["loss_bearer"] else "",
        f"{text.percent(shared, digits=0)} of it counted here, the rest with its ring"
        if shared is not None and shared < 1.0
        else "",
        "here by waiting, not by money" if row["is_reserved"] else "",
    ]
    return "; ".join(part for part in parts if part)


def _terms(row: Mapping[str, Any]) -> tuple[PriorityTerm, ...]:
    """Every term, in the order of the formula; a cost or a boost of nothing is left out."""
    finds, clears = (text.percent(row[name], digits=0) for name in ("sensitivity", "specificity"))
    terms = {
        "Priority": f"{text.money(row['priority'])} / min",
        "Probability": f"{text.percent(row['probability'])} by {_source(row)}",
        "Money at risk": text.money(row["exposure_usd"]),
        "Loss ahead": text.money(row["loss_forward_usd"]),
        "Recoverable": text.percent(row["recoverable_share"], digits=0),
        "Harm": text.money(row["harm_usd"]),
        "Cost if wrong": text.money(row["false_positive_cost_usd"]),
        "Cost of holding": text.money(row["hold_cost_usd"]),
        "Review finds, clears": f"{finds}, {clears}",
        "Review time": f"{row['review_minutes']:.0f} min",
        "Value of review": text.money(row["value_usd"]),
        "Waiting adds": f"{text.money(row['ageing_boost'])} / min",
    }
    absent = {label for label, column in _OPTIONAL.items() if row[column] == 0.0}
    return tuple(PriorityTerm(*term) for term in terms.items() if term[0] not in absent)


def _is_by_signals(row: Mapping[str, Any]) -> bool:
    """Whether the probability is that of the signals: p is the greater of both."""
    probability = row["signal_probability"]
    return probability is not None and probability > (row["score"] or 0.0)


def _source(row: Mapping[str, Any]) -> str:
    return "signals" if _is_by_signals(row) else "score"


def _outcomes(row: Mapping[str, Any]) -> str:
    """What is known of others with such signals."""
    if not row["signals_labelled"]:
        return "no verdict yet on such signals: assumed from other schemes"
    return (
        f"{row['signals_confirmed'] or 0} of {row['signals_labelled']} with such signals confirmed"
    )


def _place(scored: dict[str, object], entity_type: str) -> str:
    if not scored:
        return "not scored"
    plural = theme.entity_label(entity_type).lower() + "s"
    return f"rank {scored['place']:,} of {scored['scored_count']:,} {plural}"


def _change(trend: pl.DataFrame) -> str:
    if trend.height <= 1:
        return "no earlier score"
    last, days = trend["as_of"][-1], 30
    earlier = trend.filter(pl.col("as_of") <= last - pl.duration(days=days))
    base = earlier.row(-1, named=True) if len(earlier) else trend.row(0, named=True)
    span = (last - base["as_of"]).days
    moved = trend["score"][-1] - base["score"]
    return f"{text.signed(moved, 3)} in {text.plural(span, 'day')}"


def _day(instant: object) -> str:
    return f"{instant:%Y-%m-%d}" if hasattr(instant, "strftime") else text.MISSING
