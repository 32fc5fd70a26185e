"""The rows of an inbox in words: what for, how much, how soon, and what was said last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.cases.sla import first_touch_day, severities, severity_of
from dashboard.cases.states import CaseState
from dashboard.view_models import words
from dashboard.view_models.steps import LONGEST_LINE, due_text, whom_it_is_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from dashboard.cases.records import Case, Decision
    from dashboard.cases.redress import Appeal

UNASSIGNED = "unassigned"
BOX_LABELS = {
    "mine": "My cases",
    "handed": "Handed to me",
    "returned": "Returned to me",
    "approve": "To approve",
    "asked": "Waiting for information",
    "teams": "With teams",
    "appeals": "Appeals",
    "work": "Everybody's",
    UNASSIGNED: "Unassigned",
}
NOBODY = {
    "mine": "You have no case. Take the next one that nobody has.",
    "handed": "Nobody has handed you a case.",
    "returned": "No proposal of yours was sent back.",
    "approve": "No proposal of somebody else waits for an answer.",
    "asked": "No case waits for information.",
    "teams": "No case is with another team.",
    "appeals": "No appeal waits for you.",
    "work": "Nobody works on a case.",
    UNASSIGNED: "Every case has somebody.",
}
"""What an empty inbox says."""
SOON_HOURS = 4
"""From so many hours before it is due a case is marked (assumption)."""


@dataclass(frozen=True)
class Clock:
    """How long until a case is due, in words, and the colour that says the same."""

    said: str
    colour: str


def clock_of(due: datetime | None, now: datetime) -> Clock:
    """By the wall's clock; what is due by none says nothing."""
    if due is None:
        return Clock("", "gray")
    hours = (due - now).total_seconds() / 3600
    return Clock(due_text(due, now), _colour(hours, SOON_HOURS))


def first_touch(typology: str | None, band: str | None, opened_on: date, today: date) -> Clock:
    """By the data's days: until when somebody takes an alert that nobody has."""
    return _in_days((first_touch_day(severity_of(typology, band), opened_on) - today).days)


def _in_days(days: int) -> Clock:
    length = text.plural(abs(days), "day")
    said = f"{length} late" if days < 0 else f"due in {length}" if days else "due today"
    return Clock(said, _colour(days, 0))


def _colour(left: float, soon: float) -> str:
    if left < 0:
        return "red"
    return "orange" if left <= soon else "gray"


def box_labels(counts: Mapping[str, int]) -> dict[str, str]:
    """The inboxes with how many cases are in each."""
    return {box: f"{BOX_LABELS[box]} {count:,}" for box, count in counts.items()}


def state_labels(counts: Mapping[CaseState, int]) -> dict[str, str]:
    """The states in an inbox with their counts, which sum to its own."""
    every = {"": f"Every state {sum(counts.values()):,}"}
    own = {
        state.value: f"{words.STATE_LABELS[state]} {counts[state]:,}"
        for state in CaseState
        if counts.get(state)
    }
    return every | own


@dataclass(frozen=True)
class Beside:
    """What stands beside the cases of an inbox: rows of `pages/queue/subjects`, USD, decisions.

    The maps are by key: what can still be lost, the decision that waits for an answer, and the
    appeal that does, due by days of the data, of which `today` is the last.
    """

    subjects: pl.DataFrame
    exposures: Mapping[str, float | None]
    made: Mapping[str, Decision]
    appeals: Mapping[str, Appeal] = field(default_factory=dict)
    today: date | None = None


def case_rows(
    cases: Sequence[Case], beside: Beside, now: datetime
) -> tuple[pl.DataFrame, tuple[Clock, ...]]:
    """Display columns of cases in their order, and the clock of each.

    A case whose subject the build does not know goes by its id.
    """
    named = {row["entity_key"]: row for row in beside.subjects.iter_rows(named=True)}
    clocks = tuple(_clock(case, beside, now) for case in cases)
    rows = []
    for case, clock in zip(cases, clocks, strict=True):
        key = case.entity_key
        made = beside.made.get(key)
        appeal = beside.appeals.get(key)
        note = appeal.text if appeal else case.reason or (made.note if made else "")
        last = text.written(note)
        said = text.plain(last, length=LONGEST_LINE) if last else ""
        own = {
            "exposure": beside.exposures.get(key),
            "action": words.sentence_case(made.action) if made else text.MISSING,
            "reason": said,
        }
        rows.append(_row(case, named.get(key, {}), clock, now) | own)
    return pl.DataFrame(rows, schema=_SCHEMA), clocks


def _clock(case: Case, beside: Beside, now: datetime) -> Clock:
    appeal = beside.appeals.get(case.entity_key)
    if appeal and beside.today:
        return _in_days((appeal.due_on - beside.today).days)
    return clock_of(case.due_at, now)


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "name": pl.String,
    "open": pl.String,
    "what": pl.String,
    "band": pl.List(pl.String),
    "severity": pl.String,
    "exposure": pl.Float64,
    "action": pl.String,
    "state": pl.String,
    "owner": pl.String,
    "with": pl.String,
    "clock": pl.List(pl.String),
    "age": pl.Int64,
    "reason": pl.String,
}


def _row(case: Case, subject: Mapping[str, Any], clock: Clock, now: datetime) -> dict[str, Any]:
    band = str(subject.get("score_band") or case.alert_band or "")
    severity = severities().get(case.severity or "")
    is_put_off = case.review_on is not None and case.state == CaseState.TRIAGED
    return {
        "name": text.plain(subject.get("name") or case.entity_id),
        "open": "Open",
        "what": words.typology_title(subject.get("typology") or case.alert_typology),
        "band": [theme.BAND_LABELS.get(band, "No score")],
        "severity": severity.label if severity else text.MISSING,
        "state": f"Snoozed to {case.review_on}" if is_put_off else words.case_status(case.state),
        "owner": text.plain(case.assignee) if case.assignee else text.MISSING,
        "with": whom_it_is_with(case),
        "clock": [clock.said] if clock.said else [],
        "age": (now - case.opened_at).days,
    }


def alert_rows(
    cases: pl.DataFrame, titles: Mapping[str, str], alerts: pl.DataFrame, today: date
) -> tuple[pl.DataFrame, tuple[Clock, ...]]:
    """Display columns of cases that nobody has, in their order, and the clock of each.

    `cases` are rows of `pages/queue/open_cases`, `titles` names by case, `alerts` rows of
    `pages/queue/alerts` of the most urgent member of each.
    """
    first = {f"{row['entity_type']}:{row['entity_id']}": row for row in alerts.to_dicts()}
    rows, clocks = [], []
    for case in cases.iter_rows(named=True):
        alert = first.get(case["member_keys"][0], {})
        band, typology = alert.get("score_band"), alert.get("typology")
        opened = alert.get("opened_on") or today
        clocks.append(first_touch(typology, band, opened, today))
        rows.append(
            {
                "name": titles.get(case["case_id"]) or text.plain(alert.get("name")),
                "open": "Claim",
                "what": words.typology_title(typology),
                "band": [theme.BAND_LABELS.get(str(band), "No score")],
                "severity": severity_of(typology, band).label,
                "exposure": case["exposure_usd"],
                "clock": [clocks[-1].said],
                "age": case["age_days"],
            }
        )
    columns = ("name", "open", "what", "band", "severity", "exposure", "clock", "age")
    return pl.DataFrame(rows, schema={name: _SCHEMA[name] for name in columns}), tuple(clocks)
