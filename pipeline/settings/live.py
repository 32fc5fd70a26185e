"""How the live lane reads batches and when it opens an alert."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LiveSettings:
    """What is read of a drop folder, how often, and which signals are asked."""

    longest_window_days: int = 90
    """A signal is asked where every feature it reads says a window of at most so many days: a
    count of everything known, or a comparison with everybody, waits for the build."""
    tolerance: float = 0.5
    """Share of a batch's rows that may be set aside one by one. Of a delivery it is one in a
    hundred; a batch is small, so only one that is mostly wrong was made wrongly."""
    settle_seconds: float = 2.0
    """A file that has not changed for so long is complete; writers that rename need not wait."""
    poll_seconds: float = 2.0
    """Between two looks at the folder."""
    wait_for_room_seconds: float = 30.0
    """Until a lane that found the disk full looks again."""
    replay_minutes: int = 10
    """Steps in which the past is taken: an alert of then opens at the end of one."""
    least_day_rows: int = 20
    """Rows of a day from which it is the present day: a single wrong clock moves nothing."""
    evidence_rows: int = 30
    """Rows kept behind each feature of an alert."""
    keep_days: int = 14
    """Days for which alerts that a build confirmed or withdrew are still listed."""
    hold_hours: int = 24
    """After so long a notice is void unless a person decided meanwhile: a build comes daily."""
