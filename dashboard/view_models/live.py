"""Live alerts and how fresh the data are, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models import words
from queries.personal_data import short_mask

if TYPE_CHECKING:
    from datetime import date, datetime

UNCONFIRMED = "Live, not confirmed by a build yet"
_SILENT = timedelta(seconds=90)
"""A lane that looks at its folder every few seconds has stopped when it did not for so long."""


@dataclass(frozen=True)
class LiveRow:
    """One live alert."""

    alert_id: str
    entity_key: str
    name: str
    entity: str
    market: str
    typology: str
    why: str
    event: str
    opened: str
    standing: str
    """That no build has confirmed it, or what the build said."""
    is_open: bool


@dataclass(frozen=True)
class Rows:
    """The raw rows behind one feature of a live alert."""

    label: str
    value: str
    table: pl.DataFrame


@dataclass(frozen=True)
class Freshness:
    """How new the data are, what is set aside and what waits, in words; empty where nothing is."""

    sentence: str
    past: str = ""
    """That the past is shown, and which instant."""
    set_aside: str = ""
    waiting: str = ""


@dataclass(frozen=True)
class LaneStatus:
    """What the lane's record says of itself, and when the lane last gave a sign of life."""

    newest_event_at: datetime | None
    last_batch_at: datetime | None
    alive_at: datetime | None
    known_at: datetime | None = None
    """The instant of the past that is shown; None where a lane runs."""
    batches_set_aside: int = 0
    """Refused as a whole."""
    rows_set_aside: int = 0
    """Of batches that were taken, and beside what they refer to."""
    rows_waiting: int = 0
    """For rows that they refer to."""


def live_rows(alerts: pl.DataFrame, now: datetime) -> tuple[LiveRow, ...]:
    """The alerts of `pages/live/alerts`, in their order."""
    return tuple(_row(one, now) for one in alerts.iter_rows(named=True))


def waiting_line(count: int) -> str:
    """How many live alerts wait for a build; empty where none does."""
    if not count:
        return ""
    verb = "waits" if count == 1 else "wait"
    return (
        f"{text.plural(count, 'live alert')} of your markets {verb}, not confirmed by a build yet"
    )


def live_table(rows: tuple[LiveRow, ...]) -> pl.DataFrame:
    """The rows as display columns, in display order."""
    return pl.DataFrame(
        {
            "name": [row.name for row in rows],
            "open": ["Open"] * len(rows),
            "entity": [row.entity for row in rows],
            "market": [row.market for row in rows],
            "typology": [row.typology for row in rows],
            "why": [row.why for row in rows],
            "event": [row.event for row in rows],
            "opened": [row.opened for row in rows],
            "standing": [row.standing for row in rows],
            "rows": ["Rows"] * len(rows),
        }
    )


def rows_behind(entity_type: str, cells: pl.DataFrame) -> list[Rows]:
    """The cells of `pages/live/evidence` as one table for each feature."""
    return [
        Rows(
            words.feature_label(entity_type, str(feature)),
            words.feature_value(entity_type, str(feature), own["value"][0]),
            _table(own),
        )
        for (feature,), own in cells.group_by("feature", maintain_order=True)
    ]


def freshness(
    last_order_at: datetime | None, build_day: date, lane: LaneStatus | None, now: datetime
) -> Freshness:
    """Where the data end and what the lane does, as in "Data to 29 Sep 14:05 UTC"."""
    times = [last_order_at, lane.newest_event_at if lane else None]
    newest = max((one for one in times if one is not None), default=None)
    parts = [f"Data to {newest:%d %b %H:%M} UTC" if newest else "No order yet"]
    parts.append(f"build of {build_day:%d %b}")
    if lane is None:
        return Freshness(" · ".join(parts))
    past = f"The past: as known {lane.known_at:%d %b %Y %H:%M} UTC" if lane.known_at else ""
    if not past:
        parts += _lane_parts(lane, now)
    batches, rows = lane.batches_set_aside, lane.rows_set_aside
    aside = [text.plural(batches, "batch", "batches")] if batches else []
    aside += [text.plural(rows, "row")] if rows else []
    waiting = lane.rows_waiting
    return Freshness(
        " · ".join(parts),
        past,
        f"{' and '.join(aside)} set aside" if aside else "",
        f"{text.plural(waiting, 'row')} {'waits' if waiting == 1 else 'wait'}" if waiting else "",
    )


def _lane_parts(lane: LaneStatus, now: datetime) -> list[str]:
    """Whether the lane runs, and how old its last batch is."""
    is_alive = lane.alive_at is not None and now - lane.alive_at < _SILENT
    parts = [] if is_alive else ["live lane stopped"]
    if lane.last_batch_at is not None:
        said = "live lane: last batch" if is_alive else "last batch"
        parts.append(f"{said} {_ago(now - lane.last_batch_at)} ago")
    elif is_alive:
        parts.append("live lane: no batch yet")
    return parts


def history_lines(alerts: pl.DataFrame) -> tuple[str, ...]:
    """The alerts of `pages/live/history`, each in a sentence or two."""
    return tuple(
        f"Live alert of {one['opened_at']:%d %b %H:%M} UTC: "
        f"{words.typology_title(one['typology'])}. "
        + (f"{UNCONFIRMED}." if one["state"] == "open" else str(one["settled_reason"]))
        for one in alerts.iter_rows(named=True)
    )


def _row(alert: dict[str, object], now: datetime) -> LiveRow:
    opened_at, event_at = alert["opened_at"], alert["event_at"]
    signals = alert["signals"]
    is_open = alert["state"] == "open"
    return LiveRow(
        alert_id=str(alert["alert_id"]),
        entity_key=f"{alert['entity_type']}:{alert['entity_id']}",
        name=text.plain(alert["name"] or alert["entity_id"]),
        entity=theme.entity_label(str(alert["entity_type"])),
        market=text.plain(alert["market"]) if alert["market"] else text.MISSING,
        typology=words.typology_title(str(alert["typology"])),
        why="; ".join(map(text.plain, signals)) if isinstance(signals, list) else text.MISSING,
        event=f"{event_at:%d %b %H:%M}" if event_at is not None else text.MISSING,
        opened=f"{_ago(now - opened_at)} ago",  # type: ignore[operator]
        standing=UNCONFIRMED if is_open else text.plain(alert["settled_reason"], length=120),
        is_open=is_open,
    )


def _table(cells: pl.DataFrame) -> pl.DataFrame:
    wide = cells.pivot(on="column_name", index="row_number", values="cell").drop("row_number")
    return pl.DataFrame([mapped(wide, name, _plain_cell) for name in wide.columns])


def _plain_cell(value: object) -> str:
    return text.MISSING if value is None else short_mask(text.plain(value, length=120))


_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def _ago(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    if seconds < 2 * _MINUTE:
        return f"{seconds} s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    return f"{seconds // _HOUR} h" if seconds < 2 * _DAY else f"{seconds // _DAY} days"
