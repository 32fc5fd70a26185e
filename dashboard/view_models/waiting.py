"""Whoever waits in a case, as values: who, how sure, why, and what was said before.

Each carries why it is here and what it is worth; what was already decided says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.cases.standing import of_build
from dashboard.view_models import score_history, words
from dashboard.view_models.anomaly import LANE, TOGETHER
from dashboard.view_models.case_standings import alert_now
from dashboard.view_models.earlier_verdicts import last_of, short_verdict, whole_verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.cases.records import Decision
    from dashboard.cases.standing import Standing

UNPROVEN = "Unproven"
_ASIDE = re.compile(r"( in \d+ days)?(; typical peer .*)?$")
_SAID = {"bad": "Confirmed bad", "good": "Cleared"}


@dataclass(frozen=True)
class Member:
    """One alert of a case. Money in USD."""

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
    reasons: tuple[str, ...]
    exposure_usd: float | None
    opened: str
    """Since when it waits, and whether a build said so then."""
    earlier: str
    """What the last verdict on it was; empty = nobody has judged it."""
    verdict: str
    """The same of the casebook's with its grounds and its note; empty = it has none."""
    status: str
    """What is new since, or where its case stands."""

    @property
    def brief(self) -> str:
        """Its first reason without peers and window: the rest is a click away."""
        return _ASIDE.sub("", self.reasons[0]) if self.reasons else ""


def members_of(
    alerts: pl.DataFrame, statuses: Mapping[str, Standing], made: Mapping[str, Decision]
) -> tuple[Member, ...]:
    """Rows of `pages/queue/alerts` in their order.

    By entity key `statuses`, and `made`, the last decision of the casebook.
    """
    return tuple(_member(row, statuses, made) for row in alerts.iter_rows(named=True))


def member_table(members: tuple[Member, ...]) -> pl.DataFrame:
    """The members as display columns, in display order."""
    columns: dict[str, list[object]] = {
        "name": [member.name for member in members],
        "open": ["Open"] * len(members),
        "entity": [member.label for member in members],
        "band": [[member.band] for member in members],
        "probability": [member.probability for member in members],
        "reason": [member.brief for member in members],
        "earlier": [member.earlier or member.status for member in members],
        "exposure": [member.exposure_usd for member in members],
    }
    return pl.DataFrame(columns, schema_overrides=_TYPES)


_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "band": pl.List(pl.String),
    "probability": pl.Float64,
    "exposure": pl.Float64,
}


def _member(
    row: Mapping[str, Any], statuses: Mapping[str, Standing], made: Mapping[str, Decision]
) -> Member:
    entity_type = str(row["entity_type"])
    key = f"{entity_type}:{row['entity_id']}"
    is_anomaly, case = row["lane"] == LANE, statuses.get(key)
    ours = last_of(made.get(key), row["judged_on"])
    band = UNPROVEN if is_anomaly else theme.BAND_LABELS.get(str(row["score_band"]), "No score")
    return Member(
        alert_id=str(row["alert_id"]),
        entity_key=key,
        label=theme.entity_label(entity_type),
        name=text.plain(row["name"]),
        market=str(row["market"] or text.MISSING),
        band=band,
        probability=None if is_anomaly else number(row["probability"]),
        typology=text.MISSING if is_anomaly else words.typology_role(row["typology"]),
        reasons=tuple(_reasons(entity_type, row)),
        exposure_usd=number(row["exposure_usd"]),
        opened=_opened(row),
        earlier=short_verdict(ours) if ours else _earlier(row),
        verdict=whole_verdict(ours) if ours else "",
        status=_news(row, case) or words.standing_status(case),
    )


def _earlier(row: Mapping[str, Any]) -> str:
    said = _SAID.get(str(row["judged_label"]))
    return f"{said} on {row['judged_on']}" if said else ""


def _opened(row: Mapping[str, Any]) -> str:
    days = text.plural(int(number(row["age_days"]) or 0), "day")
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


def _reasons(entity_type: str, row: Mapping[str, Any]) -> list[str]:
    sentences = row.get("sentences")
    is_scored = row["lane"] == "score" and row["reason_1"]
    if isinstance(sentences, list) and sentences and not is_scored:
        return [str(sentence) for sentence in sentences]
    if row["lane"] == LANE:
        return [TOGETHER]
    return [
        _sentence(entity_type, row, reason) for reason in ("reason_1", "reason_2") if row[reason]
    ]


def _sentence(entity_type: str, row: Mapping[str, Any], reason: str) -> str:
    value, peer = (number(row[f"{reason}_{part}"]) for part in ("value", "peer"))
    is_theirs = bool(row.get("is_handed_over"))
    return words.reason(entity_type, str(row[reason]), value, peer, is_handed_over=is_theirs)


def number(value: object) -> float | None:
    """A number of a row, None where there is none."""
    return float(value) if isinstance(value, int | float) else None
