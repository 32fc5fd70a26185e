"""One list of everything that happened, decisions among it, by the data's days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.view_models.timeline import PAGE_SIZE, TimelineView, reading
from tests.dashboard.decisions import DECISION

DAY = date(2026, 4, 2)


def line(day: date, kind: str, title: str, **more: Any) -> dict[str, Any]:
    """A row of the query."""
    row = {"day": day, "kind": kind, "title": title, "event_count": 2, "amount_usd": 40.0}
    return row | {"calendar": None, "total_count": 1} | more


def test_a_decision_stands_on_the_day_of_the_data() -> None:
    """The wall's clock stands in its line; the calendar beside the day."""
    lines = pl.DataFrame([line(DAY, "refund", "not_received", calendar="Payday sale")])
    view = TimelineView.of(lines, [replace(DECISION, data_day=DAY - timedelta(days=1))])
    assert [event.kind for event in view.events] == ["Refunds", "Decisions"]
    refund, decision = view.events
    assert refund.text == "2 refund requests: not received"
    assert refund.calendar == "Payday sale"
    assert decision.day == DAY - timedelta(days=1)
    assert f"recorded {DECISION.decided_at:%Y-%m-%d %H:%M} UTC" in decision.text


def test_a_decision_stands_once_on_the_page_of_its_day() -> None:
    """Whatever page its day falls on, at the ends and between two pages too."""
    days = [DAY - timedelta(days=number // 2) for number in range(2 * PAGE_SIZE + 10)]
    lines = pl.DataFrame([line(day, "order", "app", total_count=len(days)) for day in days])
    for age in (-3, 0, 19, 20, 21, 40, 44, 99):
        decision = replace(DECISION, data_day=DAY - timedelta(days=age))
        views = []
        for page in (1, 2, 3):
            span = reading(page)
            part = lines.slice(span["offset"], span["limit"])
            views.append(TimelineView.of(part, [decision], page=page))
        told = [event for view in views for event in view.events if event.kind == "Decisions"]
        assert len(told) == 1, age
        assert sum(len(view.events) for view in views) == len(days) + 1
        assert all(
            [e.day for e in view.events] == sorted((e.day for e in view.events), reverse=True)
            for view in views
        )


def test_a_label_reads_as_a_verdict() -> None:
    """What it says, for what, and on what grounds."""
    lines = pl.DataFrame(
        [line(DAY, "label", "bad T1_BRUSHING complaint"), line(DAY, "label", "good exploration")]
    )
    told = [event.text for event in TimelineView.of(lines).events]
    assert told == ["Confirmed bad for brushing after a complaint", "Cleared after a random check"]


def test_what_was_done_to_an_account_is_in_words() -> None:
    """A change on a strange device and the check that clears it read apart."""
    rows = [("login new", 1), ("phone_change", 2), ("step_up_passed new", 1), ("login_failed", 3)]
    made = [
        line(DAY, "account", title, event_count=count, amount_usd=None, total_count=4)
        for title, count in rows
    ]
    assert [event.text for event in TimelineView.of(pl.DataFrame(made)).events] == [
        "1 sign-in on a device new to it",
        "2 changes of phone",
        "1 extra check passed on a device new to it",
        "3 failed sign-ins",
    ]
