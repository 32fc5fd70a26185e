"""What the live lane is said to do, and what became of the alerts that it opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from dashboard.view_models.live import LaneStatus, freshness, history_lines

NOW = datetime(2026, 9, 29, 14, 5)  # noqa: DTZ001 - instants of the record are UTC without zone
DAY = date(2026, 9, 29)


def status(**values: object) -> LaneStatus:
    """A lane that looked at its folder just now."""
    usual = {"newest_event_at": None, "last_batch_at": None, "alive_at": NOW}
    return LaneStatus(**(usual | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lane", "ends"),
    [
        (None, "build of 29 Sep"),
        (status(), "live lane: no batch yet"),
        (status(last_batch_at=NOW - timedelta(seconds=8)), "live lane: last batch 8 s ago"),
        (status(alive_at=NOW - timedelta(minutes=3)), "live lane stopped"),
        (status(newest_event_at=NOW, known_at=NOW), "Data to 29 Sep 14:05 UTC · build of 29 Sep"),
    ],
)
def test_the_line_says_what_the_lane_does(lane: LaneStatus | None, ends: str) -> None:
    """A lane that gave no sign of life for a while has stopped."""
    assert freshness(NOW - timedelta(hours=1), DAY, lane, NOW).sentence.endswith(ends)


def test_what_is_set_aside_and_what_waits_is_counted_in_words() -> None:
    """Nothing is said of nothing."""
    said = freshness(NOW, DAY, status(rows_set_aside=1, rows_waiting=1), NOW)
    assert (said.set_aside, said.waiting, said.past) == ("1 row set aside", "1 row waits", "")
    assert freshness(NOW, DAY, status(), NOW).set_aside == ""


def test_an_alert_keeps_what_a_build_said_of_it() -> None:
    """Open, it is not confirmed; settled, it says by which build."""
    rows = pl.DataFrame(
        {
            "typology": ["T7_PAYMENT_FRAUD"] * 2,
            "opened_at": [NOW, NOW - timedelta(days=1)],
            "state": ["open", "withdrawn"],
            "settled_reason": [None, "Withdrawn: the build of 29 Sep 2026 opened no alert on it."],
        }
    )
    first, second = history_lines(rows)
    assert first.startswith("Live alert of 29 Sep 14:05 UTC: ")
    assert first.endswith("Live, not confirmed by a build yet.")
    assert second.endswith("Withdrawn: the build of 29 Sep 2026 opened no alert on it.")
