"""Cases that wait for a second person or for a day, as values: none of them is lost from sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text, theme
from dashboard.cases.standing import Place
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboard.cases.records import Case
    from dashboard.cases.standing import Standing

WATCHED = (Place.PROPOSED, Place.MONITORING)
"""Lists of cases: the filters of the queue mean nothing there."""


@dataclass(frozen=True)
class WatchRow:
    """One waiting case. `since` and `review_on` are days of the data."""

    entity_key: str
    label: str
    name: str
    market: str
    status: str
    typology: str
    since: date
    review_on: date | None
    assignee: str
    is_due: bool
    is_late: bool
    """Whether the hour by which somebody had to answer has passed."""


def watch_rows(
    subjects: pl.DataFrame,
    cases: Mapping[str, Case],
    statuses: Mapping[str, Standing],
    today: date,
) -> tuple[WatchRow, ...]:
    """A row for each case, in their order; `subjects` are their rows of `pages/queue/subjects`.

    A case whose subject the build does not know goes by its id: it waits all the same.
    """
    known = {row["entity_key"]: row for row in subjects.iter_rows(named=True)}
    return tuple(
        _row(known.get(key, {"name": case.entity_id, "market": None}), case, statuses[key], today)
        for key, case in cases.items()
    )


def watch_table(rows: tuple[WatchRow, ...]) -> pl.DataFrame:
    """The rows as display columns, in display order."""
    columns: dict[str, list[object]] = {
        "name": [row.name for row in rows],
        "open": ["Open"] * len(rows),
        "entity": [row.label for row in rows],
        "market": [row.market for row in rows],
        "status": [_status(row) for row in rows],
        "typology": [row.typology for row in rows],
        "since": [row.since for row in rows],
        "review": [row.review_on for row in rows],
        "assignee": [row.assignee for row in rows],
    }
    return pl.DataFrame(columns, schema_overrides={"since": pl.Date, "review": pl.Date})


def _status(row: WatchRow) -> str:
    """Where the case stands, and whether whoever has to answer is behind."""
    if row.is_late:
        return f"{row.status}, late"
    return f"{row.status}, due" if row.is_due else row.status


def _row(subject: Mapping[str, object], case: Case, standing: Standing, today: date) -> WatchRow:
    return WatchRow(
        entity_key=case.entity_key,
        label=theme.entity_label(case.entity_type),
        name=text.plain(subject["name"]),
        market=str(subject["market"] or text.MISSING),
        status=words.case_status(standing.state),
        typology=words.typology_title(case.alert_typology),
        since=case.data_day or case.changed_at.date(),
        review_on=standing.review_on,
        assignee=text.plain(case.assignee) if case.assignee else text.MISSING,
        is_due=standing.review_on is not None and standing.review_on <= today,
        is_late=standing.is_late,
    )
