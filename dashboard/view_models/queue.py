"""The queue as values: one row per alert, and the headline above them.

The analyst picks the next case from this table, so each row carries why it is
here and what it is worth; what was already decided says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.cases.standing import of_build
from dashboard.view_models import score_history, words
from dashboard.view_models.anomaly import LANE, TOGETHER
from dashboard.view_models.case_standings import alert_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.cases.standing import Standing

MARKER = "►"
UNPROVEN = "Unproven"
_ASIDE = re.compile(r"( in \d+ days)?; typical peer .*$")


@dataclass(frozen=True)
class Page:
    """Which page of the queue, from 1, and how many alerts it holds."""

    number: int
    size: int


@dataclass(frozen=True)
class QueueRow:
    """One alert. Money in USD, `priority` in USD per analyst minute."""

    alert_id: str
    entity_key: str
    label: str
    """What kind of entity it is, in words."""
    name: str
    market: str
    band: str
    probability: float | None
    """What the priority counts with; None for the unproven, whatever a model makes of them."""
    typology: str
    lane: str
    """`Score`, `Signals` where a known scheme fits and the score is low, or `Unproven`."""
    reasons: tuple[str, ...]
    exposure_usd: float | None
    priority: float | None
    age_days: int
    opened: str
    """Since when it waits, and whether a build said so then."""
    status: str
    is_reserved: bool = False
    """Its place was given by waiting, so that nothing starves."""
    news: str = ""
    """What is new since it was judged; empty = nobody has, or nothing is."""


@dataclass(frozen=True)
class QueueView:
    """One page of the queue. `selected` is an index into `rows`, -1 when there is none."""

    rows: tuple[QueueRow, ...]
    selected: int
    page: int
    pages: int
    total: int
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
        statuses: Mapping[str, Standing],
        page: Page,
        selected_alert: str = "",
    ) -> QueueView:
        """The view of a page of `pages/queue/open_alerts` and its `totals`.

        `statuses` maps entity keys to where their cases stand.
        """
        rows = tuple(_row(row, statuses) for row in alerts.iter_rows(named=True))
        total = totals.row(0, named=True) if len(totals) else _NOTHING
        ids = [row.alert_id for row in rows]
        return cls(
            rows=rows,
            selected=_selected(ids, selected_alert),
            page=page.number,
            pages=max(1, ceil(total["alert_count"] / page.size)),
            total=int(total["alert_count"]),
            headline=_headline(total),
            empty_sentence=_empty_sentence(int(total["alert_count"])),
        )

    def neighbour(self, step: int) -> str:
        """The alert `step` rows away on this page, or empty when it is on another."""
        place = self.selected + step
        return self.rows[place].alert_id if self.rows and 0 <= place < len(self.rows) else ""

    def table(self) -> pl.DataFrame:
        """The rows as display columns, in display order."""
        columns: dict[str, list[object]] = {
            "mark": [MARKER if i == self.selected else "" for i in range(len(self.rows))],
            "open": ["Open"] * len(self.rows),
            "name": [row.name for row in self.rows],
            "entity": [row.label for row in self.rows],
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
        return pl.DataFrame(columns, schema_overrides=_TYPES)


_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
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


def ended_count(choices: pl.DataFrame) -> int:
    """How many alerts have ended; rows of `pages/queue/choices`."""
    ended = choices.filter(dimension="lane", choice="ended")["alert_count"]
    return int(ended.sum())


def _row(row: Mapping[str, object], statuses: Mapping[str, Standing]) -> QueueRow:
    entity_type = str(row["entity_type"])
    key = f"{entity_type}:{row['entity_id']}"
    is_anomaly, case = row["lane"] == LANE, statuses.get(key)
    news = _news(row, case)
    band = UNPROVEN if is_anomaly else theme.BAND_LABELS.get(str(row["score_band"]), "No score")
    return QueueRow(
        alert_id=str(row["alert_id"]),
        entity_key=key,
        label=theme.entity_label(entity_type),
        name=text.plain(row["name"]),
        market=str(row["market"] or text.MISSING),
        band=band,
        probability=None if is_anomaly else _number(row["probability"]),
        typology=text.MISSING if is_anomaly else words.typology_role(_text(row["typology"])),
        lane=words.sentence_case(str(row["lane"])),
        reasons=tuple(_reasons(entity_type, row)),
        exposure_usd=_number(row["exposure_usd"]),
        priority=None if is_anomaly else _number(row["priority"]),
        age_days=int(_number(row["age_days"]) or 0),
        opened=_opened(row),
        status=news or words.standing_status(case),
        news=news,
        is_reserved=bool(row["is_reserved"]),
    )


def _opened(row: Mapping[str, object]) -> str:
    days = text.plural(int(_number(row["age_days"]) or 0), "day")
    return f"opened {days} ago, {score_history.OPENED[str(row['opened_by'])]}"


def _news(row: Mapping[str, Any], case: Standing | None) -> str:
    """What is new since it was judged: by the casebook, without a case by the build."""
    fresh = case.reopening if case else of_build(alert_now(row))
    return words.reopening_text(fresh) if fresh else ""


def unexplained(alerts: pl.DataFrame) -> list[str]:
    """Keys of the alerts that no score explains: signals opened them."""
    by_signals = pl.col("lane") == "signals"
    rows = alerts.filter(by_signals | pl.col("reason_1").is_null())
    return (rows["entity_type"] + ":" + rows["entity_id"]).to_list()


def signals_said(fired: pl.DataFrame) -> dict[str, list[str]]:
    """Texts of the signals of `pages/queue/signals` by entity key."""
    texts: dict[str, list[str]] = {}
    for key, typology, code, _ in fired.iter_rows():
        texts.setdefault(key, []).append(words.signal_text(typology, code))
    return texts


def with_words(
    alerts: pl.DataFrame, sentences: Mapping[str, list[str]], handed_over: Iterable[str] = ()
) -> pl.DataFrame:
    """`alerts` with `sentences`: what speaks instead of a score, by entity key.

    `handed_over` are the entity types whose scores somebody else made.
    """
    keys = (alerts["entity_type"] + ":" + alerts["entity_id"]).to_list()
    column = [sentences.get(key, []) for key in keys]
    return alerts.with_columns(
        pl.Series("sentences", column, dtype=pl.List(pl.String)),
        is_handed_over=pl.col("entity_type").is_in(list(handed_over)),
    )


def _reasons(entity_type: str, row: Mapping[str, object]) -> list[str]:
    sentences = row.get("sentences")
    is_scored = row["lane"] == "score" and row["reason_1"]
    if isinstance(sentences, list) and sentences and not is_scored:
        return [str(sentence) for sentence in sentences]
    if row["lane"] == LANE:
        return [TOGETHER]
    return [
        _sentence(entity_type, row, reason) for reason in ("reason_1", "reason_2") if row[reason]
    ]


def _sentence(entity_type: str, row: Mapping[str, object], reason: str) -> str:
    value, peer = (_number(row[f"{reason}_{part}"]) for part in ("value", "peer"))
    is_theirs = bool(row.get("is_handed_over"))
    return words.reason(entity_type, str(row[reason]), value, peer, is_handed_over=is_theirs)


def _brief(reasons: tuple[str, ...], place: int) -> str:
    """A reason without its peers and window: two of them fit a row, the rest is a click away."""
    return _ASIDE.sub("", reasons[place]) if place < len(reasons) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _selected(ids: list[str], alert: str) -> int:
    if not ids:
        return -1
    return ids.index(alert) if alert in ids else 0


def _headline(total: Mapping[str, Any]) -> str:
    minutes, today = total["review_minutes"], total.get("as_of")
    return " · ".join(
        (
            *((f"Today is {today}",) if today else ()),
            text.plural(int(total["alert_count"]), "alert"),
            text.plural(int(total["entity_count"]), "subject"),
            f"{int(total['critical_count']):,} critical",
            *_at_risk(total["exposure_usd"]),
            f"about {minutes / 60:,.0f} analyst hours",
        )
    )


def _at_risk(usd: float | None) -> tuple[str, ...]:
    """The money behind the alerts; nothing where no orders were delivered that would tell."""
    return () if usd is None else (f"{text.money(usd)} at risk",)


def _empty_sentence(total: int) -> str:
    if total:
        return "This page lies beyond the end of the queue."
    return "No alert matches these filters."
