"""The head of an investigation: who it is, how risky, and why it is worth the time.

Everything that decides the order of the queue is shown term by term, because an
analyst who cannot see why this one comes first will not trust the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import score_history, words
from dashboard.view_models.anomaly import AnomalyView
from dashboard.view_models.case_standings import alert_now
from dashboard.view_models.harm import HarmLine, harm_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboard.cases.standing import AlertNow

# How the life of an entity began; accounts are registered.
_BORN = {"product": "listed", "live_session": "aired"}


NOBODY = "nobody"
_NO_MONEY = "No orders were delivered, so no money is known: probability gives the order."
_BEARERS = {
    "platform": "platform",
    "merchant": "shop",
    "buyer": "buyer",
    "creator": "creator",
    "cardholder": "cardholder",
    "rival": "rival shop",
}

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
    """Identity, probability and trend of one entity. `score` in 0..1, None = no number.

    `score` is the one probability that queue, head and lists show; `model_score` the model's
    part of it.
    """

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
    model_score: float | None = None
    model_band: str | None = None
    """The band of the score alone, which what explains the score speaks of."""
    sources: str = ""
    """What the number is made of: the model's score and the signals."""
    is_victim: bool = False
    """Whether its typology is one whose subject is the victim: no number then says it is bad."""
    by_signals: bool = False
    """Whether signals brought it here while its score is low or missing."""

    @property
    def signals_first(self) -> bool:
        """Whether its signals made the band, so that they stand above the reasons of the score."""
        return self.by_signals or bool(self.typology and self.band != self.model_band)

    @property
    def score_meaning(self) -> str:
        """What the number says, 0 to 1."""
        if self.is_victim:
            return "How likely it is wronged, 0 to 1; it accuses nobody, this is the victim"
        return (
            "How likely it is that it is bad, 0 to 1: the one number of the queue, this page and "
            "every list; its band follows from it. The score is what the model says, signals are "
            "what a pack sees."
        )

    @property
    def facts(self) -> tuple[str, ...]:
        """Identity in one line."""
        if self.registered == text.MISSING:
            return tuple(fact for fact in (self.label, *self._place) if fact)
        born = f"{_BORN.get(self.entity_type, 'registered')} {self.registered}"
        # An age in brackets is a length of life; a live session was over the same day.
        is_past = self.entity_type == "live_session" and self.age not in {"today", text.MISSING}
        since = f"{born}, {self.age} ago" if is_past else f"{born} ({self.age})"
        return tuple(fact for fact in (self.label, *self._place, since) if fact)

    @property
    def _place(self) -> tuple[str, str]:
        """Market and category, empty where nobody told them."""
        return ("" if self.market == text.MISSING else self.market), self.category

    @classmethod
    def of(
        cls,
        entity: pl.DataFrame,
        score: pl.DataFrame,
        trend: pl.DataFrame,
        typologies: pl.DataFrame,
        anomaly: pl.DataFrame | None = None,
        *,
        priority: PriorityView | None = None,
    ) -> HeaderView:
        """The view of one row of `pages/investigate/entity` with its scores (may be empty).

        `priority` is that of its alert, whose typology is the one that the whole page speaks of.
        """
        row = entity.row(0, named=True)
        scored = score.row(0, named=True) if len(score) else {}
        name = text.name_of(row["name"])
        entity_type = str(row["entity_type"])
        typology = _typology(priority, scored, typologies)
        number = scored.get("probability")
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
            change=score_history.change(trend),
            typology=typology,
            typology_title=words.typology_role(typology) if typology else "",
            is_victim=words.is_victim(typology),
            anomaly=AnomalyView.of(entity_type, pl.DataFrame() if anomaly is None else anomaly),
            model_score=scored.get("score"),
            model_band=scored.get("model_band"),
            sources=_sources(scored),
            by_signals=priority is not None and priority.by_signals,
        )


@dataclass(frozen=True)
class PriorityView:
    """Why this one: the terms of the best alert of an entity, worst case first."""

    terms: tuple[PriorityTerm, ...] = ()
    harms: tuple[HarmLine, ...] = ()
    typology: str = ""
    typology_title: str = ""
    community_id: str = ""
    community_text: str = ""
    opened: str = ""
    money: str = ""
    """What is held, what of it is expected to be lost, what is still to come, and by whom."""
    problem: str = ""
    """Why there are no terms, when the database is the reason."""
    lane: str = ""
    alert: AlertNow | None = None
    """What a decision answers; None = there is no alert."""
    judged: str = ""
    """The last word that the build knows on the subject, in words; empty = none."""
    stake_usd: float = 0.0
    """What is still to be lost, and harm, USD."""

    @property
    def by_signals(self) -> bool:
        """Whether signals opened the best alert, not a score."""
        return self.lane == "signals"

    @classmethod
    def of(cls, alerts: pl.DataFrame, harms: pl.DataFrame | None = None) -> PriorityView:
        """The view of `pages/investigate/priority_terms`; empty terms = no open alert.

        `harms` are rows of `pages/investigate/harms`.
        """
        if alerts.is_empty():
            return cls()
        row = alerts.row(0, named=True)
        members = row["community_members"]
        return cls(
            terms=_terms(row),
            harms=() if harms is None else harm_lines(harms),
            stake_usd=float(row["loss_forward_usd"] or 0.0) + float(row["harm_usd"] or 0.0),
            typology=str(row["typology"] or ""),
            typology_title=words.typology_role(row["typology"]),
            community_id=str(row["community_id"] or ""),
            community_text=f"One of {members:,} in a community" if members else "",
            opened=_opened(row),
            money=_money(row),
            lane=row["lane"],
            alert=alert_now(row),
            judged=_judged(row),
        )


def _typology(
    priority: PriorityView | None, scored: Mapping[str, Any], typologies: pl.DataFrame
) -> str:
    """The pack of its alert; without an alert the one that fits it, if it has a band at all.

    A pack may half fit anybody; below the bands that would be an accusation.
    """
    if priority is not None and priority.typology:
        return priority.typology if priority.typology in words.known_packs() else ""
    is_suspect = scored.get("score_band") not in {None, "LOW"}
    return str(typologies["typology"][0]) if is_suspect and len(typologies) else ""


def _judged(row: Mapping[str, Any]) -> str:
    if row["judged_on"] is None:
        return ""
    word = "confirmed" if row["judged_label"] == "bad" else "cleared"
    return f"Before: {word} on {row['judged_on']}"


def _opened(row: Mapping[str, Any]) -> str:
    since = f"opened {row['opened_on']}, {text.plural(row['age_days'], 'day')} ago"
    since = f"{since}, {score_history.OPENED[row['opened_by']]}"
    shared = row["ring_share"]
    bearer = row["loss_bearer"]
    parts = [
        since,
        _outcomes(row) if _has_signals(row) else "",
        f"borne by the {_BEARERS[bearer]}" if bearer in _BEARERS else "",
        f"{text.percent(shared, digits=0)} of it counted here, the rest with its ring"
        if shared is not None and shared < 1.0
        else "",
        "certain and severe: never below what is not worth its minutes" if row["is_severe"] else "",
        "here by waiting, not by money" if row["is_reserved"] else "",
        "ended: nothing is left to save, so it is no work of the day" if row["is_ended"] else "",
    ]
    return "; ".join(part for part in parts if part)


def _money(row: Mapping[str, Any]) -> str:
    """The money of an alert in one sentence; the loss ahead is the sum of its last two."""
    if row["value_usd"] is None:
        return _NO_MONEY
    if row["loss_bearer"] == NOBODY:
        return "Nobody is expected to lose money by it."
    coming = row["daily_loss_usd"] * row["horizon_days"]
    return (
        f"Of {text.money(row['held_usd'])} held, {text.money(row['loss_held_usd'])} is expected to "
        f"be lost once it is paid out; {text.money(coming)} is still to come over "
        f"{row['horizon_days']:.0f} days."
    )


def _terms(row: Mapping[str, Any]) -> tuple[PriorityTerm, ...]:
    """Every term, in the order of the formula; a cost or a boost of nothing is left out."""
    if row["value_usd"] is None:
        chance = {_probability_label(row): text.percent(row["probability"]), **_sources_of(row)}
        return tuple(PriorityTerm(*term) for term in chance.items())
    finds, clears = (text.percent(row[name], digits=0) for name in ("sensitivity", "specificity"))
    terms = {
        "Priority": f"{text.money(row['priority'])} / min",
        _probability_label(row): text.percent(row["probability"]),
        **_sources_of(row),
        "Money at risk": text.money(row["exposure_usd"]),
        "Loss ahead": text.money(row["loss_forward_usd"]),
        "Recoverable": text.percent(row["recoverable_share"], digits=0),
        "Harm": text.money(row["harm_usd"]),
        "Cost if wrong": text.money(row["false_positive_cost_usd"]),
        "Cost of holding": text.money(row["hold_cost_usd"]),
        "Review finds, clears": f"{finds}, {clears}",
        "Review time": f"{row['review_minutes']:.0f} min",
        "Value of review": text.money(row["value_usd"]),
        "Its range": f"{text.money(row['value_low_usd'])} to {text.money(row['value_high_usd'])}",
        "Waiting adds": f"{text.money(row['ageing_boost'])} / min",
    }
    absent = {label for label, column in _OPTIONAL.items() if row[column] == 0.0}
    if row["value_low_usd"] == row["value_high_usd"]:
        absent.add("Its range")
    return tuple(PriorityTerm(*term) for term in terms.items() if term[0] not in absent)


def _probability_label(row: Mapping[str, Any]) -> str:
    return "Probability it is wronged" if words.is_victim(row["typology"]) else "Probability"


def _has_signals(row: Mapping[str, Any]) -> bool:
    """Whether signals are a source of the probability."""
    return row["signal_probability"] is not None


def _sources_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The two sources of the probability, where both are there."""
    if not _has_signals(row):
        return {}
    score = "none" if row["score"] is None else text.percent(row["score"])
    return {"By score alone": score, "By signals alone": text.percent(row["signal_probability"])}


def _outcomes(row: Mapping[str, Any]) -> str:
    """What is known of others with such signals."""
    if not row["signals_labelled"]:
        return "no verdict yet on such signals: assumed from other schemes"
    return (
        f"{row['signals_confirmed'] or 0} of {row['signals_labelled']} with such signals confirmed"
    )


def _sources(scored: Mapping[str, Any]) -> str:
    """What one probability is made of, said aloud; nothing without one."""
    if not scored:
        return ""
    score, alone = scored["score"], scored["signal_share"]
    said = "no score" if score is None else f"score {score:.3f}"
    if alone is not None:
        scheme = words.typology_title(scored["typology"])
        said += f", raised by signals of {scheme} (strength {scored['strength']:.2f})"
    if scored["cleared_on"] is not None:
        said += f", lowered because a review cleared it on {_day(scored['cleared_on'])}"
    return said


def _place(scored: dict[str, object], entity_type: str) -> str:
    if not scored:
        return "not scored"
    plural = theme.entity_label(entity_type).lower() + "s"
    return f"rank {scored['place']:,} of {scored['scored_count']:,} {plural}"


def _day(instant: object) -> str:
    return f"{instant:%Y-%m-%d}" if hasattr(instant, "strftime") else text.MISSING
