"""The past as it was known: batches that had arrived by an instant, beside a build of before it.

A lane that ran has a record, and the record knows what stood open when. This is for the time in
which none ran, or for packs and terms that are new: the batches are taken again, in steps of a
few minutes, each with the clock at its end.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.live.record import clear, read_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.live.lane import Lane, Tick

_MIDNIGHT = datetime.min.time()


def replay(lane: Lane, at: datetime, on_tick: Callable[[Tick], None]) -> None:
    """Take what had arrived at an instant, UTC; the record then stands at it.

    Raises InputError where the build knows more than was known then, or where a lane that ran
    has its record.
    """
    _refuse_later_build(lane, at)
    if lane.record.is_of_lane:
        raise InputError(
            f"{lane.place.out} has the record of a lane that ran.",
            "A build of its own was expected, for the past takes the place of the record.",
            "Copy the build to another folder: --build OTHER",
        )
    clear(lane.place.out)
    lane.restart()
    step_ns = lane.live.replay_minutes * 60 * 10**9
    ends = {_instant((one.modified_ns // step_ns + 1) * step_ns) for one in lane.files()}
    for end in sorted({end for end in ends if end < at} | {at}):
        lane.past = end
        on_tick(lane.tick())
    lane.record = read_record(lane.place.out)


def _instant(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).replace(tzinfo=None)


def _refuse_later_build(lane: Lane, at: datetime) -> None:
    """An InputError for a build that knows what came after an instant."""
    day = lane.engine.build.as_of
    if datetime.combine(day, _MIDNIGHT) > at:
        raise InputError(
            f"The build of {day} knows more than was known at {at:%Y-%m-%d %H:%M} UTC.",
            "The past is shown beside a build of its day or before.",
            f"Make one: ringfence build --data DIR --as-of {at:%Y-%m-%d} --out PAST, "
            "then watch with --build PAST",
        )
