"""`ringfence watch`: the live lane, from a drop folder to alerts, notices and a badge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - an option's type is read when it is parsed
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.databases import existing
from dashboard.cli.deliveries import MOST, share
from dashboard.cli.errors import STOPPED, Refusal
from dashboard.cli.feed import Feed
from dashboard.cli.next_steps import BUILD, serve_command
from dashboard.cli.terminal import err, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.outbox.ways import Way
    from pipeline.live.lane import Lane, Tick
    from pipeline.live.record import Record

AT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]


def watch(  # noqa: PLR0913, PLR0917 - an option of a command is an argument
    data: Annotated[Path, typer.Option("--data", help="Drop folder that batches come to.")],
    folder: Annotated[Path, typer.Option("--build", help="Folder of the database.")] = BUILD,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file that makes your own tables those of ours.")
    ] = None,
    tolerate: Annotated[
        str, typer.Option(help="Share of a batch that may be set aside for breaking rules.")
    ] = MOST,
    kafka: Annotated[
        Path | None, typer.Option(help="File that says which Kafka topics are batches too.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Take what lies there, then end.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=AT, help="Show the past: what was known at this instant, UTC."),
    ] = None,
) -> None:
    """Take batches as they arrive and open live alerts beside a build."""
    from pipeline.inputs.mapping import FILE
    from pipeline.live.lane import Lane, LanePlace
    from pipeline.live.record import read_record
    from pipeline.live.watch import follow, only_lane
    from pipeline.settings.live import LiveSettings

    own = mapping / FILE if mapping and mapping.is_dir() else mapping
    place = LanePlace(data, existing(folder).parent, own)
    live = LiveSettings(tolerance=share(tolerate))
    record = read_record(place.out)
    if as_of is not None and record.is_of_lane:
        _say_past(record, as_of)
        return
    with only_lane(place.out):
        lane = Lane(place, live=live)
        if as_of is not None:
            _replay(lane, as_of)
            return
        if len(record["live.status"]) and not record.is_of_lane:
            raise Refusal(_SHOWS_PAST.format(place.out))
        ways = _ways()
        feed = Feed.of(kafka, lane) if kafka else None

        def heard(lane: Lane, tick: Tick) -> None:
            _say(tick)
            if ways:
                _send(lane, ways)
            if feed:
                feed.go_on(lane)

        try:
            follow(lane, heard, lambda: once or STOPPED.is_set())
        finally:
            lane.close()
            if feed:
                feed.close()


_SHOWS_PAST = (
    "{} shows the past: its record was made by --as-of. Watch beside another build, or delete "
    "live_lane.duckdb and the folder live in it."
)


def _replay(lane: Lane, at: datetime) -> None:
    from pipeline.live.replay import replay

    try:
        replay(lane, at, _say)
    finally:
        lane.close()
    _say_past(lane.record, at)
    out.print(serve_command(lane.place.out), markup=False, soft_wrap=True)


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


def _say_past(record: Record, at: datetime) -> None:
    """What was known at an instant, and what became of it since."""
    known = record.known_at(at)
    count = len(known["live.batches"])
    said = f"{count} {'batch was' if count == 1 else 'batches were'} taken"
    out.print(f"At {at:%Y-%m-%d %H:%M} UTC {said}.", soft_wrap=True)
    now = dict(record["live.alerts"].select("alert_id", "settled_reason").iter_rows())
    for one in known["live.alerts"].sort("opened_at").iter_rows(named=True):
        subject = f"{one['entity_type']}:{one['entity_id']}"
        later = now[one["alert_id"]] if one["settled_reason"] is None else None
        since = f" ({later})" if later else ""
        out.print(
            f"{one['opened_at']:%Y-%m-%d %H:%M:%S} {one['state']:<9} {subject} {one['typology']}"
            f"{since}",
            markup=False,
            soft_wrap=True,
        )
