"""The queue's view model: a row per case, what is marked, what is before and after it."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.view_models.queue import Page, QueueView, leaves, ring_titles
from dashboard.view_models.waiting import Member

PAGE = Page(1, 2)
CASE: dict[str, Any] = {
    "alert_count": 1,
    "exposure_usd": 100.0,
    "harm_usd": 5.0,
    "held_usd": 40.0,
    "leaves_days": 2.3,
    "probability": 0.9,
    "score_band": "CRIT",
    "bad_count": 0,
    "good_count": 0,
    "reopened_count": 0,
    "assigned_count": 0,
    "assignee": None,
    "review_minutes": 30.0,
    "minutes_to_here": 30.0,
    "priority": 2.0,
    "age_days": 3,
    "is_reserved": False,
    "total_count": 5,
}
RING = "rng_0000000001"


def member(key: str, **changes: Any) -> Member:
    """Somebody who waits."""
    own = {
        "alert_id": f"alt_{key}",
        "entity_key": key,
        "label": "Buyer",
        "name": key.partition(":")[2],
        "market": "MY",
        "band": "Critical",
        "probability": 0.9,
        "typology": "Refund abuse",
        "reasons": (),
        "exposure_usd": 1.0,
        "opened": "opened today",
        "earlier": "",
        "verdict": "",
        "status": "New",
    }
    return Member(**(own | changes))


def view(
    *case_ids: str, page: Page = PAGE, marked: str = "", minutes: float | None = None, **row: Any
) -> QueueView:
    """The view of these cases, single buyers but for the ring; each takes half an hour."""
    rows = [
        CASE
        | {"case_id": one, "minutes_to_here": 30.0 * (i + 1 + page.before - min(page.before, 1))}
        | {"member_keys": [one] if ":" in one else ["buyer:a", "buyer:b"]}
        | row
        for i, one in enumerate(case_ids)
    ]
    keys = {key for each in rows for key in each["member_keys"]}
    frame = pl.DataFrame(rows, infer_schema_length=None)
    members = {key: member(key) for key in keys}
    return QueueView.of(frame, {RING: "Brushing: 2 accounts"}, members, page, marked, minutes)


def test_the_first_row_is_marked_until_a_case_is_chosen() -> None:
    """The mark is a case's id: an unknown one falls back to the first row."""
    assert view("buyer:1", "buyer:2").selected == 0
    assert view("buyer:1", "buyer:2", marked="buyer:2").selected == 1
    assert view("buyer:1", "buyer:2", marked="buyer:9").selected == 0


def test_before_and_after_are_known_over_the_borders_of_a_page() -> None:
    """The row before a page's first is the last of the page before it, and so at its end."""
    middle = view("buyer:2", "buyer:3", "buyer:4", "buyer:5", page=Page(2, 2))
    assert [row.case_id for row in middle.rows] == ["buyer:3", "buyer:4"]
    assert middle.previous == ("buyer:2", 1)
    assert middle.next == ("buyer:4", 2)
    last = view("buyer:2", "buyer:3", "buyer:4", "buyer:5", page=Page(2, 2), marked="buyer:4")
    assert (last.previous, last.next) == (("buyer:3", 2), ("buyer:5", 3))
    assert view("buyer:1", "buyer:2").previous is None
    assert view("buyer:1", marked="buyer:1").next is None


def test_the_page_count_covers_every_case() -> None:
    """Five cases two a page are three pages."""
    assert (view("buyer:1").pages, view("buyer:1").total) == (3, 5)


def test_a_ring_is_named_as_one_and_a_subject_by_its_scheme() -> None:
    """Both say what it is about and who, and only the ring opens as a case."""
    ring, own = view(RING, "buyer:1").rows
    assert (ring.title, ring.is_ring) == ("Brushing: 2 accounts", True)
    assert (own.title, own.is_ring) == ("Refund abuse: buyer 1", False)
    assert view("rng_unknown").rows[0].title == "a and others"


def test_earlier_verdicts_come_first() -> None:
    """Of a ring as counts; who has it and that it is new only where nobody has judged it."""
    judged = view(RING, bad_count=2, good_count=1, reopened_count=1).rows[0]
    assert judged.standing == "2 confirmed bad, 1 cleared"
    assert view(RING, reopened_count=1).rows[0].standing == "1 came back"
    assert view(RING, assignee="Ann", assigned_count=2).rows[0].standing == "Ann has 2 of it"
    assert view(RING).rows[0].standing == "New"


def test_the_line_of_today_stands_after_what_fits() -> None:
    """Two of half an hour fit an hour; a page before or after that line has none."""
    day = view("buyer:1", "buyer:2", "buyer:3", page=Page(1, 3), minutes=60.0)
    assert day.table()["title"][2] == "──── today's 1 hour reach here ────"
    assert [day.row_at(line) and day.row_at(line).case_id for line in range(4)] == [  # type: ignore[union-attr]
        *("buyer:1", "buyer:2", None, "buyer:3")
    ]
    assert view("buyer:1", "buyer:2", minutes=600.0).reach == -1
    assert view("buyer:2", "buyer:3", "buyer:4", page=Page(2, 2), minutes=30.0).reach == -1
    assert view("buyer:2", "buyer:3", "buyer:4", page=Page(2, 2), minutes=60.0).reach == 0
    assert view("buyer:1", "buyer:2").reach == -1


def test_an_unproven_row_has_no_number_that_judges() -> None:
    """Neither a probability nor an order by money."""
    row = CASE | {"case_id": "buyer:1", "member_keys": ["buyer:1"], "probability": None}
    frame = pl.DataFrame([row], infer_schema_length=None)
    unproven = {"buyer:1": member("buyer:1", band="Unproven")}
    table = QueueView.of(frame, {}, unproven, PAGE).table()
    assert table.select("probability", "priority").row(0) == (None, None)
    assert table["band"].to_list() == [["Unproven"]]
    assert table["title"].to_list() == ["Unproven: buyer 1"]


def test_when_money_leaves_is_said_in_days() -> None:
    """A part of a day is a day; what is not held leaves never."""
    assert [leaves(days) for days in (None, 0.0, 0.4, 2.3)] == [
        *("–", "today", "in 1 day", "in 3 days")
    ]


def test_titles_of_rings_by_id() -> None:
    """The same name as on the page of rings."""
    counts = dict.fromkeys(
        ("victim_count", "shop_count", "creator_count", "listing_count", "room_count"), 0
    )
    row = {"ring_id": RING, "pack_title": "Brushing", "account_count": 2, **counts}
    assert ring_titles(pl.DataFrame([row])) == {RING: "Brushing: 2 accounts"}


def test_an_empty_page_has_no_current_case() -> None:
    """Nothing found is a state of its own."""
    nothing = QueueView.of(
        pl.DataFrame(schema=["case_id", "member_keys", "total_count"]), {}, {}, PAGE
    )
    assert (nothing.current, nothing.selected, nothing.total) == (None, -1, 0)
