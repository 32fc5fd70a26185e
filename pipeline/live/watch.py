"""The loop of the live lane: one process a build, a look at the folder every few seconds."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.errors import BuildError, StorageError
from pipeline.live.lane import Tick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.live.lane import Lane

_LOCK = ".live.lock"


@contextmanager
def only_lane(out: Path) -> Iterator[None]:
    """Hold the lock of the lane beside a build; the kernel lets go however the process ends.

    Raises BuildError while another lane holds it.
    """
    with (out / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                f"Another live lane runs beside {out}.",
                "One lane a build was expected.",
                "Let it run, or end it before starting this one.",
            ) from error
        yield


def follow(lane: Lane, on_tick: Callable[[Lane, Tick], None], is_over: Callable[[], bool]) -> None:
    """Tick until it is over; `on_tick` hears of each look at the folder.

    A disk or a memory that takes no more is said once, and the lane begins again from what is
    recorded until there is room.
    """
    said = ""
    while True:
        try:
            on_tick(lane, lane.tick())
            said = ""
        except Exception as error:
            trouble = StorageError.of(error, lane.place.out)
            if trouble is None or is_over():
                raise
            if str(trouble) != said:
                said = str(trouble)
                on_tick(lane, Tick(set_aside=(said,)))
            lane.restart()
            time.sleep(lane.live.wait_for_room_seconds)
        if is_over():
            return
        time.sleep(lane.live.poll_seconds)
