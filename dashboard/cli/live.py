"""`ringfence watch`: the live lane, from a drop folder to alerts, notices and a badge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - an option's type is read when it is parsed
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.databases import existing
from dashboard.cli.errors import STOPPED
from dashboard.cli.next_steps import BUILD
from dashboard.cli.terminal import err, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboard.outbox.ways import Way
    from pipeline.live.lane import Lane, Tick

AT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]


def watch(
    data: Annotated[Path, typer.Option("--data", help="Drop folder that batches come to.")],
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    once: Annotated[bool, typer.Option("--once", help="Take what lies there, then end.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=AT, help="Only say what was known at this instant, UTC."),
    ] = None,
) -> None:
    """Take batches as they arrive and open live alerts beside a build."""
    from pipeline.live.lane import Lane, LanePlace
    from pipeline.live.record import read_record
    from pipeline.live.watch import follow, only_lane

    place = LanePlace(data, existing(folder).parent)
    if as_of is not None:
        _say_past(read_record(place.out).known_at(as_of).tables, as_of)
        return
    with only_lane(place.out):
        lane = Lane(place)
        ways = _ways()

        def heard(lane: Lane, tick: Tick) -> None:
            _say(tick)
            if ways:
                _send(lane, ways)

        try:
            follow(lane, heard, lambda: once or STOPPED.is_set())
        finally:
            lane.close()


def _ways() -> Sequence[Way]:
    """The ways to the platform, none where none is configured."""
    from dashboard.outbox.settings import from_environment, is_configured
    from dashboard.outbox.ways import ways_of

    return ways_of(from_environment()) if is_configured() else ()


def _send(lane: Lane, ways: Sequence[Way]) -> None:
    from dashboard.casebook.rows import now
    from dashboard.outbox.live_notices import send_notices

    record = lane.record
    notices = send_notices(
        record["live.notices"],
        record["live.alerts"],
        record["live.signals"],
        ways,
        (now(), timedelta(hours=lane.live.hold_hours)),
    )
    lane.replace_notices(notices)


def _say(tick: Tick) -> None:
    for problem in tick.set_aside:
        err.print(f"Set aside: {problem}", markup=False, soft_wrap=True)
    parts = [
        f"{count} {noun}{'' if count == 1 else 's'} {done}"
        for count, noun, done in (
            (tick.taken, "file", "read"),
            (tick.opened, "live alert", "opened"),
            (tick.settled, "live alert", "confirmed or withdrawn by the build"),
        )
        if count
    ]
    if parts:
        out.print(f"{datetime.now(UTC):%H:%M:%S} {', '.join(parts)}.", soft_wrap=True)


def _say_past(tables: dict[str, pl.DataFrame], at: datetime) -> None:
    alerts, batches = tables["live.alerts"], tables["live.batches"]
    out.print(f"At {at:%Y-%m-%d %H:%M} UTC {len(batches)} batches were taken.", soft_wrap=True)
    for one in alerts.sort("opened_at").iter_rows(named=True):
        subject = f"{one['entity_type']}:{one['entity_id']}"
        out.print(
            f"{one['opened_at']:%Y-%m-%d %H:%M:%S} {one['state']:<9} {subject} {one['typology']}",
            markup=False,
            soft_wrap=True,
        )
