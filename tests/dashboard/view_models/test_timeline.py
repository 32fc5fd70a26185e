"""One list of everything that happened, decisions among it."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.view_models.timeline import TimelineView
from tests.dashboard.decisions import DECISION


def test_the_timeline_mixes_decisions_in_and_keeps_them_to_the_first_page() -> None:
    """A decision is an event like any other, shown once."""
    lines = pl.DataFrame(
        [{"day": date(2026, 4, 2), "kind": "refund", "title": "not_received", "event_count": 2,
          "amount_usd": 40.0, "total_count": 1}]
    )  # fmt: skip
    first = TimelineView.of(lines, [DECISION])
    assert [event.kind for event in first.events] == ["Decision", "Refunds"]
    assert first.events[1].text == "2 refund requests: not received"
    assert len(TimelineView.of(lines, [DECISION], page=2).events) == 1


def test_what_was_done_to_an_account_is_in_words() -> None:
    """A change on a strange device and the check that clears it read apart."""
    rows = [("login new", 1), ("phone_change", 2), ("step_up_passed new", 1), ("login_failed", 3)]
    lines = pl.DataFrame(
        [
            {"day": date(2026, 4, 2), "kind": "account", "title": title, "event_count": count,
             "amount_usd": None, "total_count": 4}
            for title, count in rows
        ]
    )  # fmt: skip
    assert [event.text for event in TimelineView.of(lines).events] == [
        "1 sign-in on a device new to it",
        "2 changes of phone",
        "1 extra check passed on a device new to it",
        "3 failed sign-ins",
    ]
