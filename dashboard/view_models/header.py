"""The head of an investigation: who it is, how risky, and why it is worth the time.

Everything that decides the order of the queue is shown term by term, because an
analyst who cannot see why this one comes first will not trust the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words

if TYPE_CHECKING:
    from datetime import date


# How the life of an entity began; accounts are registered.
_BORN = {"product": "listed", "live_session": "on air"}


@dataclass(frozen=True)
class PriorityTerm:
    """One line of the card: its label, the shown value and what it means."""

    label: str
    value: str
    meaning: str


@dataclass(frozen=True)
class HeaderView:
    """Identity, score and trend of one entity. `score` in 0..1, None = not scored."""

    entity_key: str
    entity_type: str
    entity_id: str
    kind: str
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
    margin: float | None
    place: str
    trend: pl.DataFrame
    change: str
    typology: str
    typology_title: str

    @property
    def facts(self) -> tuple[str, ...]:
        """Identity in one line."""
        registered = f"{_BORN.get(self.entity_type, 'registered')} {self.registered} ({self.age})"
        known = (self.kind, self.market, self.category, registered)
        return tuple(fact for fact in known if fact)

    @classmethod
    def of(
        cls,
        entity: pl.DataFrame,
        score: pl.DataFrame,
        trend: pl.DataFrame,
        typologies: pl.DataFrame,
    ) -> HeaderView:
        """The view of one row of `pages/investigate/entity` with its scores (may be empty)."""
        row = entity.row(0, named=True)
        scored = score.row(0, named=True) if len(score) else {}
        name = text.name_of(row["name"])
        kind = str(row["entity_type"])
        # A pack may half fit anybody; below the bands that would be an accusation.
        is_suspect = scored.get("score_band") not in {None, "LOW"}
        typology = typologies["typology"][0] if is_suspect and len(typologies) else ""
        number = scored.get("score")
        return cls(
            entity_key=f"{kind}:{row['entity_id']}",
            entity_type=kind,
            entity_id=str(row["entity_id"]),
            kind=theme.ENTITY_LABELS.get(kind, kind),
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
            margin=scored.get("margin"),
            place=_place(scored, kind),
            trend=trend,
            change=_change(trend),
            typology=typology,
            typology_title=words.typology_title(typology) if typology else "",
        )


@dataclass(frozen=True)
class PriorityView:
    """Why this one: the terms of the best alert of an entity, worst case first."""

    terms: tuple[PriorityTerm, ...]
    alert_count: int
    typology: str
    typology_title: str
    community_id: str
    community_text: str
    opened: str
    problem: str = ""
    """Why there are no terms, when the database is the reason."""

    @classmethod
    def of(cls, alerts: pl.DataFrame) -> PriorityView:
        """The view of `pages/investigate/priority_terms`; empty terms = no open alert."""
        if alerts.is_empty():
            return cls((), 0, "", "", "", "", "")
        row = alerts.row(0, named=True)
        members = row["community_members"]
        return cls(
            terms=_terms(row),
            alert_count=len(alerts),
            typology=str(row["typology"] or ""),
            typology_title=words.typology_title(row["typology"]),
            community_id=str(row["community_id"] or ""),
            community_text=f"One of {members:,} in a community" if members else "",
            opened=f"opened {row['opened_on']}, {text.plural(row['age_days'], 'day')} ago",
        )


def _terms(row: dict[str, float]) -> tuple[PriorityTerm, ...]:
    return (
        PriorityTerm(
            "Priority",
            f"{text.money(row['priority'])} / min",
            "Expected value of a review divided by the minutes it takes",
        ),
        PriorityTerm(
            "Probability",
            text.percent(row["score"]),
            "Calibrated score: of ten such subjects, this share is bad",
        ),
        PriorityTerm(
            "Money at risk",
            text.money(row["exposure_usd"]),
            "Money that can still be lost: unsettled, unpaid or unused",
        ),
        PriorityTerm(
            "Loss ahead",
            text.money(row["loss_forward_usd"]),
            "Expected loss from now until the money leaves our reach",
        ),
        PriorityTerm(
            "Recoverable",
            text.percent(row["recoverable_share"], digits=0),
            "Share of that loss an action today can still save",
        ),
        PriorityTerm(
            "Cost if wrong",
            text.money(row["false_positive_cost_usd"]),
            "What acting against an honest subject would cost",
        ),
        PriorityTerm(
            "Review time",
            f"{row['review_minutes']:.0f} min",
            "Analyst minutes a case of this kind takes",
        ),
        PriorityTerm(
            "Value of review",
            text.money(row["value_usd"]),
            "All of the above put together, before dividing by the minutes",
        ),
    )


def _place(scored: dict[str, object], kind: str) -> str:
    if not scored:
        return "not scored"
    plural = theme.ENTITY_LABELS.get(kind, kind).lower() + "s"
    return f"rank {scored['place']:,} of {scored['scored_count']:,} {plural}"


def _change(trend: pl.DataFrame) -> str:
    if trend.height <= 1:
        return "no earlier score"
    last, days = trend["as_of"][-1], 30
    earlier = trend.filter(pl.col("as_of") <= last - pl.duration(days=days))
    base = earlier.row(-1, named=True) if len(earlier) else trend.row(0, named=True)
    span = (last - base["as_of"]).days
    moved = trend["score"][-1] - base["score"]
    sign = "+" if moved >= 0 else "−"
    return f"{sign}{abs(moved):.3f} in {text.plural(span, 'day')}"


def _day(instant: object) -> str:
    return f"{instant:%Y-%m-%d}" if hasattr(instant, "strftime") else text.MISSING
