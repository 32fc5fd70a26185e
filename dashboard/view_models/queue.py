"""The queue as values: one row per case, what is marked, and the day in a line.

The analyst picks the next case from this table: who, what was said before, what it is about,
how sure, what it costs, when the money leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.rings import ring_title
from dashboard.view_models.today import hours
from dashboard.view_models.waiting import UNPROVEN, members_of, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.records import Decision
    from dashboard.cases.standing import Standing
from dashboard.view_models.waiting import Member

MARKER = "►"


@dataclass(frozen=True)
class Page:
    """Which page of the queue, from 1, and how many cases it holds."""

    number: int
    size: int

    @property
    def before(self) -> int:
        """Cases on earlier pages."""
        return (self.number - 1) * self.size


@dataclass(frozen=True)
class CaseRow:
    """One case. Money in USD, `priority` in USD per analyst minute."""

    case_id: str
    member_keys: tuple[str, ...]
    """Whoever of it waits, most urgent first."""
    first: Member
    title: str
    standing: str
    """What was said before, else what is new, else where it stands."""
    band: str
    probability: float | None
    exposure_usd: float | None
    harm_usd: float | None
    held_usd: float | None
    leaves_days: float | None
    """Days until the first of the held money is paid out."""
    priority: float | None
    review_minutes: float
    minutes_to_here: float
    age_days: int
    is_reserved: bool
    """Its place was given by waiting, so that nothing starves."""

    @property
    def is_ring(self) -> bool:
        """Whether it is more than one subject's own case."""
        return self.case_id != self.first.entity_key


@dataclass(frozen=True)
class QueueView:
    """One page of the queue. `selected` is an index into `rows`, -1 when there is none."""

    rows: tuple[CaseRow, ...]
    selected: int
    page: Page
    pages: int
    total: int
    previous: tuple[str, int] | None
    """Id and page of the case before the marked one; None = it is the first."""
    next: tuple[str, int] | None
    reach: int
    """Rows of this page before the line that today's minutes reach; -1 = the line is not here."""
    reached: str
    """What that line says."""

    @property
    def current(self) -> CaseRow | None:
        """The marked row."""
        return self.rows[self.selected] if self.rows else None

    @classmethod
    def of(
        cls,
        cases: pl.DataFrame,
        titles: Mapping[str, str],
        members: Mapping[str, Member],
        page: Page,
        marked: str = "",
        minutes_of_day: float | None = None,
    ) -> QueueView:
        """The view of a page of `pages/queue/open_cases` and of a row before and after it.

        `titles` names the cases that are no subject's own, `members` holds the most urgent of
        each by key. `minutes_of_day` None = the order is not the day's.
        """
        before = min(page.before, 1)
        every = tuple(_row(row, titles, members) for row in cases.iter_rows(named=True))
        rows = every[before : before + page.size]
        ids = [row.case_id for row in every]
        total = int(cases["total_count"][0]) if len(cases) else 0
        place = _selected(ids[before : before + page.size], marked)
        return cls(
            rows=rows,
            selected=place,
            page=page,
            pages=max(1, ceil(total / page.size)),
            total=total,
            previous=_neighbour(ids, before + place - 1, page, before),
            next=_neighbour(ids, before + place + 1, page, before),
            reach=_reach(every, before, rows, minutes_of_day),
            reached=f"──── today's {hours(minutes_of_day or 0.0)} reach here ────",
        )

    def table(self) -> pl.DataFrame:
        """The rows as display columns, in display order, and the line that today reaches."""
        lines = [_line(row, is_marked=i == self.selected) for i, row in enumerate(self.rows)]
        if self.reach >= 0:
            lines.insert(self.reach, {**dict.fromkeys(_COLUMNS), "title": self.reached})
        return pl.DataFrame(lines, schema=_COLUMNS, orient="row")

    def row_at(self, line: int) -> CaseRow | None:
        """The case in a line of the table; None = it is the one that says what today reaches."""
        if 0 <= self.reach <= line:
            return None if line == self.reach else self.rows[line - 1]
        return self.rows[line]


_COLUMNS: dict[str, Any] = {
    "mark": pl.String,
    "title": pl.String,
    "open": pl.String,
    "standing": pl.String,
    "band": pl.List(pl.String),
    "probability": pl.Float64,
    "members": pl.Int64,
    "exposure": pl.Float64,
    "harm": pl.Float64,
    "priority": pl.Float64,
    "leaves": pl.String,
    "age": pl.Int64,
}


def _line(row: CaseRow, *, is_marked: bool) -> dict[str, object]:
    return {
        "mark": MARKER if is_marked else "",
        "title": row.title,
        "open": "Open",
        "standing": row.standing,
        "band": [row.band],
        "probability": row.probability,
        "members": len(row.member_keys),
        "exposure": row.exposure_usd,
        "harm": row.harm_usd or None,
        "priority": row.priority,
        "leaves": leaves(row.leaves_days),
        "age": row.age_days,
    }


def leaves(days: float | None) -> str:
    """When held money is paid out, as in "in 3 days"; a dash where none is held."""
    if days is None:
        return text.MISSING
    whole = ceil(days)
    return "today" if whole < 1 else f"in {text.plural(whole, 'day')}"


def ring_titles(rows: pl.DataFrame) -> dict[str, str]:
    """Names of rings by id; rows of `pages/queue/ring_titles`."""
    return {row["ring_id"]: ring_title(row) for row in rows.iter_rows(named=True)}


def by_key(
    alerts: pl.DataFrame, statuses: Mapping[str, Standing], made: Mapping[str, Decision]
) -> dict[str, Member]:
    """Whoever waits by entity key; rows of `pages/queue/alerts`, the last decisions by key."""
    return {member.entity_key: member for member in members_of(alerts, statuses, made)}


def _row(
    row: Mapping[str, Any], titles: Mapping[str, str], members: Mapping[str, Member]
) -> CaseRow:
    keys, case_id = tuple(row["member_keys"]), str(row["case_id"])
    first, is_own = members[keys[0]], keys == (case_id,)
    is_scored = row["probability"] is not None
    band = theme.BAND_LABELS.get(str(row["score_band"]), "No score")
    return CaseRow(
        case_id=case_id,
        member_keys=keys,
        first=first,
        title=_title(first) if is_own else titles.get(case_id, f"{first.name} and others"),
        standing=_standing_of(first) if is_own else _standing_of_ring(row),
        band=band if is_scored else UNPROVEN if first.band == UNPROVEN else "No score",
        probability=number(row["probability"]),
        exposure_usd=number(row["exposure_usd"]),
        harm_usd=number(row["harm_usd"]),
        held_usd=number(row["held_usd"]),
        leaves_days=number(row["leaves_days"]),
        priority=number(row["priority"]) if is_scored else None,
        review_minutes=float(row["review_minutes"] or 0.0),
        minutes_to_here=float(row["minutes_to_here"] or 0.0),
        age_days=int(row["age_days"] or 0),
        is_reserved=bool(row["is_reserved"]),
    )


def _title(first: Member) -> str:
    """As that of a ring: what it is about, then who, as in "Refund abuse: buyer Owen Mayfern"."""
    about = UNPROVEN if first.band == UNPROVEN else first.typology
    is_said = first.name.startswith(first.label)  # the mask of a buyer's name says it
    return f"{about}: {first.name if is_said else f'{first.label.lower()} {first.name}'}"


def _standing_of(first: Member) -> str:
    return first.earlier or first.status


def _standing_of_ring(row: Mapping[str, Any]) -> str:
    """Of how many members what was said before; else who has it, else that it is new."""
    said = {
        "confirmed bad": row["bad_count"],
        "cleared": row["good_count"],
        "came back": row["reopened_count"],
    }
    parts = [f"{count:,} {word}" for word, count in said.items() if count][:2]
    if parts:
        return ", ".join(parts)
    if row["assignee"]:
        return f"{text.plain(row['assignee'], length=24)} has {row['assigned_count']:,} of it"
    return words.case_status(None)


def _selected(ids: list[str], marked: str) -> int:
    if not ids:
        return -1
    return ids.index(marked) if marked in ids else 0


def _neighbour(ids: list[str], place: int, page: Page, before: int) -> tuple[str, int] | None:
    if not 0 <= place < len(ids):
        return None
    on_page = place - before
    turn = -1 if on_page < 0 else 1 if on_page >= page.size else 0
    return ids[place], page.number + turn


def _reach(
    every: tuple[CaseRow, ...], before: int, rows: tuple[CaseRow, ...], minutes: float | None
) -> int:
    """Where on this page the line stands: after its last case that today's minutes reach."""
    if minutes is None:
        return -1
    within = sum(row.minutes_to_here <= minutes for row in rows)
    is_above = before == 1 and every[0].minutes_to_here > minutes
    return -1 if is_above or within == len(rows) else within
