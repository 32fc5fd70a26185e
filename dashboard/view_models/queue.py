"""The queue as values: one row per alert, and the headline above them.

The analyst picks the next case from this table, so each row carries why it is
here and what it is worth; what was already decided says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.unproven import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER = "►"
UNPROVEN = "Unproven"
_ASIDE = re.compile(r"( in \d+ days)?; typical peer .*$")


@dataclass(frozen=True)
class QueueRow:
    """One alert. Money in USD, `priority` in USD per analyst minute, `score` in 0..1."""

    alert_id: str
    entity_key: str
    kind: str
    name: str
    market: str
    band: str
    score: float | None
    probability: float | None
    """What the priority counts with; None for the unproven, whatever a model makes of them."""
    typology: str
    lane: str
    """`Score`, `Signals` where a known scheme fits and the score is low, or `Unproven`."""
    reasons: tuple[str, ...]
    exposure_usd: float | None
    priority: float | None
    review_minutes: float | None
    age_days: int
    status: str
    is_reserved: bool = False
    """Its place was given by waiting, so that nothing starves."""


@dataclass(frozen=True)
class QueueView:
    """One page of the queue. `selected` is an index into `rows`, -1 when there is none."""

    rows: tuple[QueueRow, ...]
    selected: int
    page: int
    pages: int
    total: int
    entity_count: int
    critical_count: int
    exposure_usd: float
    review_minutes: float
    headline: str
    empty_sentence: str

    @property
    def current(self) -> QueueRow | None:
        """The selected row."""
        return self.rows[self.selected] if self.rows else None

    @classmethod
    def of(
        cls,
        alerts: pl.DataFrame,
        totals: pl.DataFrame,
        statuses: Mapping[str, str],
        page: tuple[int, int],
        selected_alert: str = "",
    ) -> QueueView:
        """The view of a page of `pages/queue/open_alerts` and its `totals`.

        `statuses` maps entity keys to case states; `page` is (number, size).
        """
        rows = tuple(_row(row, statuses) for row in alerts.iter_rows(named=True))
        total = totals.row(0, named=True) if len(totals) else _NOTHING
        number, size = page
        ids = [row.alert_id for row in rows]
        return cls(
            rows=rows,
            selected=_selected(ids, selected_alert),
            page=number,
            pages=max(1, ceil(total["alert_count"] / size)),
            total=int(total["alert_count"]),
            entity_count=int(total["entity_count"]),
            critical_count=int(total["critical_count"]),
            exposure_usd=total["exposure_usd"],
            review_minutes=total["review_minutes"],
            headline=_headline(total),
            empty_sentence=_empty_sentence(int(total["alert_count"])),
        )

    def neighbour(self, step: int) -> str:
        """The alert `step` rows away on this page, or empty when it is on another."""
        wanted = self.selected + step
        return self.rows[wanted].alert_id if self.rows and 0 <= wanted < len(self.rows) else ""

    def table(self) -> pl.DataFrame:
        """The rows as display columns, in display order."""
        columns: dict[str, list[object]] = {
            "mark": [MARKER if i == self.selected else "" for i in range(len(self.rows))],
            "open": ["Open"] * len(self.rows),
            "name": [row.name for row in self.rows],
            "kind": [row.kind for row in self.rows],
            "market": [row.market for row in self.rows],
            "band": [[row.band] for row in self.rows],
            "score": [row.probability for row in self.rows],
            "typology": [row.typology for row in self.rows],
            "lane": [row.lane for row in self.rows],
            "exposure": [row.exposure_usd for row in self.rows],
            "priority": [row.priority for row in self.rows],
            "age": [row.age_days for row in self.rows],
            "status": [row.status for row in self.rows],
            "reason_1": [_brief(row.reasons, 0) for row in self.rows],
            "reason_2": [_brief(row.reasons, 1) for row in self.rows],
        }
        return pl.DataFrame(columns, schema_overrides=_KINDS)


_KINDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "band": pl.List(pl.String),
    "score": pl.Float64,
}
_NOTHING = {
    "alert_count": 0,
    "entity_count": 0,
    "critical_count": 0,
    "exposure_usd": 0.0,
    "review_minutes": 0.0,
}


def decided_keys(statuses: Mapping[str, str]) -> list[str]:
    """The entity keys whose case needs nobody for now, sorted."""
    return sorted(key for key, state in statuses.items() if state in words.DECIDED_STATES)


def _row(row: Mapping[str, object], statuses: Mapping[str, str]) -> QueueRow:
    kind = str(row["entity_type"])
    key = f"{kind}:{row['entity_id']}"
    state = statuses.get(key, "")
    is_unproven = row["lane"] == "unproven"
    band = UNPROVEN if is_unproven else theme.BAND_LABELS.get(str(row["score_band"]), "No score")
    return QueueRow(
        alert_id=str(row["alert_id"]),
        entity_key=key,
        kind=theme.ENTITY_LABELS.get(kind, kind),
        name=text.plain(row["name"]),
        market=str(row["market"] or text.MISSING),
        band=band,
        score=None if is_unproven else _number(row["score"]),
        probability=None if is_unproven else _number(row["probability"]),
        typology=text.MISSING if is_unproven else words.typology_title(_text(row["typology"])),
        lane=words.sentence_case(str(row["lane"])),
        reasons=tuple(_reasons(kind, row)),
        exposure_usd=_number(row["exposure_usd"]),
        priority=None if is_unproven else _number(row["priority"]),
        review_minutes=_number(row["review_minutes"]),
        age_days=int(_number(row["age_days"]) or 0),
        status=words.STATE_LABELS.get(state, words.UNTOUCHED),
        is_reserved=bool(row["is_reserved"]),
    )


def unexplained(alerts: pl.DataFrame) -> list[str]:
    """Keys of the alerts that no score explains: signals opened them."""
    by_signals = pl.col("lane") == "signals"
    rows = alerts.filter(by_signals | pl.col("reason_1").is_null())
    return (rows["entity_type"] + ":" + rows["entity_id"]).to_list()


def signals_said(fired: pl.DataFrame) -> dict[str, list[str]]:
    """Texts of the signals of `pages/queue/signals` by entity key."""
    told: dict[str, list[str]] = {}
    for key, typology, code, _ in fired.iter_rows():
        told.setdefault(key, []).append(words.signal_text(typology, code))
    return told


def with_words(alerts: pl.DataFrame, told: Mapping[str, list[str]]) -> pl.DataFrame:
    """`alerts` with `said`: what speaks instead of a score, by entity key."""
    keys = (alerts["entity_type"] + ":" + alerts["entity_id"]).to_list()
    said = pl.Series("said", [told.get(key, []) for key in keys], dtype=pl.List(pl.String))
    return alerts.with_columns(said)


def _reasons(kind: str, row: Mapping[str, object]) -> list[str]:
    said = row.get("said")
    if isinstance(said, list) and said and (row["lane"] != "score" or not row["reason_1"]):
        return [str(line) for line in said]
    if row["lane"] == "unproven":
        return [TOGETHER]
    return [
        words.reason(kind, str(row[f"{n}"]), _number(row[f"{n}_value"]), _number(row[f"{n}_peer"]))
        for n in ("reason_1", "reason_2")
        if row[n]
    ]


def _brief(reasons: tuple[str, ...], place: int) -> str:
    """A reason without its peers and window: two of them fit a row, the rest is a click away."""
    return _ASIDE.sub("", reasons[place]) if place < len(reasons) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _selected(ids: list[str], wanted: str) -> int:
    if not ids:
        return -1
    return ids.index(wanted) if wanted in ids else 0


def _headline(total: Mapping[str, float]) -> str:
    minutes = total["review_minutes"]
    return " · ".join(
        (
            text.plural(int(total["alert_count"]), "alert"),
            text.plural(int(total["entity_count"]), "subject"),
            f"{int(total['critical_count']):,} critical",
            f"{text.money(total['exposure_usd'])} at risk",
            f"about {minutes / 60:,.0f} analyst hours",
        )
    )


def _empty_sentence(total: int) -> str:
    if total:
        return "This page lies beyond the end of the queue."
    return "No alert matches these filters."


def unscored_sentences(rows: pl.DataFrame) -> list[str]:
    """Why a kind of entity is missing from the queue; rows of `pages/queue/unscored`."""
    return [unscored(kind, bad, good) for kind, bad, good in rows.iter_rows()]


def unscored(kind: str, bad: int, good: int) -> str:
    """Why a kind has no score, and what speaks of it instead."""
    many = f"{theme.ENTITY_LABELS.get(kind, kind)}s"
    if not bad + good:
        return f"{many} have no score: nobody has judged one, so only signals speak of them."
    return (
        f"{many} are not scored yet: {bad} bad and {good} good labels have matured, "
        "too few to learn from."
    )
