"""The event strip as values: lanes, marks in words, and the sequence in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboard.view_models.event_strip import DAY, LANES, LANES_OF, MOST, RECENT_DAYS, StripView
from queries.vocabulary import ENTITY_TYPES
from tests.dashboard.decisions import DECISION
from tests.dashboard.tiny_entities import at

NOON = at(date(2026, 4, 2))


def row(lane: str, kind: str, title: str | None = None, **more: Any) -> dict[str, Any]:
    """A row of the two queries."""
    event = {"lane": lane, "kind": kind, "event_id": "x", "happened_at": NOON, "about": None}
    rest = {"title": title, "amount_usd": None, "event_count": 1, "time_zone": "Asia/Jakarta"}
    return {**event, **rest, **more}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (row("order", "order", "shop_tab"), "Order, via shop tab"),
        (row("order", "cancelled"), "Order, cancelled later"),
        (row("order", DAY, event_count=12), "12 orders"),
        (row("trouble", DAY, event_count=3), "3 complaints and disputes"),
        (row("refund", "return_refund", "wrong_size"), "Return and refund asked for: wrong size"),
        (row("review", "review", "1"), "Review with 1 star"),
        (row("payout", "clawed_back"), "Taken back"),
        (row("trouble", "dispute", "fraud"), "Disputed at the bank: fraud"),
        (row("account", "login", "new"), "Sign-in on a device new to it"),
        (row("account", "bank_change"), "Change of bank account"),
        (row("listing", "listed", "", amount_usd=20.0), "Listed at $20.00"),
        (row("listing", "removed", ""), "Listing removed"),
        (row("listing", "edited", "price 20.0,title,picture", amount_usd=8.0),
         "Price $20.00 → $8.00, title and picture changed"),
        (row("listing", "edited", ""), "Edited, nothing shown changed"),
        (row("content", "live", "Big\u202esale"), "Live room: Big[U+202E]sale"),
        (row("label", "good", "good exploration"), "Cleared after a random check"),
    ],
)  # fmt: skip
def test_a_mark_reads_as_what_happened(event: dict[str, Any], said: str) -> None:
    """In words, with the money and the reason where there are any."""
    assert StripView.of("merchant", pl.DataFrame([event])).marks["text"].to_list() == [said]


def test_every_type_has_lanes_of_the_strip() -> None:
    """Ten lanes of the most marks are two thousand."""
    assert set(LANES_OF) == set(ENTITY_TYPES)
    assert all(set(lanes) <= set(LANES) for lanes in LANES_OF.values())
    assert len(LANES) * MOST <= 2_000


def test_a_busy_lane_says_that_it_counts_days() -> None:
    """And whose clock the hours are of."""
    rows = [row("order", DAY, event_count=300), row("payout", DAY, event_count=220)]
    caption = StripView.of("merchant", pl.DataFrame(rows)).caption
    assert caption.startswith(f"More than {MOST} orders and payouts each: a bar a day")
    assert "Asia/Jakarta" in caption


def test_decisions_stand_in_their_lane() -> None:
    """By the day of the data, beside the labels."""
    decision = replace(DECISION, data_day=NOON.date() - timedelta(days=1))
    view = StripView.of("buyer", pl.DataFrame([row("order", "order")]), [decision])
    [mark] = view.marks.filter(pl.col("lane") == "label").rows(named=True)
    assert mark["happened_at"].date() == decision.data_day
    assert f"by {DECISION.decided_by}" in mark["text"]


def step(place: int, name: str, hours: float, count: int = 1, usd: float | None = None) -> Any:
    """A row of `salient_sequence`."""
    moment = NOON + timedelta(hours=hours)
    money = {"event_count": count, "amount_usd": usd}
    return {"place": place, "step": name, "happened_at": moment, "ended_at": moment, **money}


def test_a_sequence_is_a_sentence_on_the_market_s_clock() -> None:
    """Its steps in order, how fast, and what was taken."""
    steps = [
        step(1, "new_device", 0), step(2, "password_change", 1), step(3, "address_change", 3),
        step(4, "order", 5, 4, 612.0),
    ]  # fmt: skip
    rows = pl.DataFrame([row("order", "order")])
    sequence = StripView.of("buyer", rows, steps=pl.DataFrame(steps)).sequence
    assert sequence is not None
    assert sequence.sentence == (
        "New device, password change and new address within 3 h, then 4 orders for $612"
    )
    assert sequence.since == NOON + timedelta(hours=7)
    assert [one.lane for one in sequence.steps] == ["account"] * 3 + ["order"]
    untaken = StripView.of("merchant", rows, steps=pl.DataFrame([
        step(1, "new_device", 0), step(2, "phone_change", 1), step(3, "price_drop", 1, 5),
    ])).sequence  # fmt: skip
    assert untaken is not None
    assert untaken.sentence == "New device, phone change and price drop of 5 listings within 60 min"


def test_what_is_shown_at_first() -> None:
    """The last days, all of it, or the sequence."""
    rows = pl.DataFrame(
        [row("order", "order", happened_at=NOON - timedelta(days=ago), event_id=str(ago))
         for ago in (0, 400)]
    )  # fmt: skip
    view = StripView.of("buyer", rows)
    assert list(view.zooms) == ["", "all"]
    low, high = view.window("")
    assert timedelta(days=RECENT_DAYS) <= high - low <= timedelta(days=RECENT_DAYS * 1.1)
    assert view.window("all")[0] < NOON - timedelta(days=400)
    assert list(StripView.of("buyer", rows.head(1)).zooms) == [""]


def test_a_handed_over_sequence_stands_in_place_of_ours() -> None:
    """By its ids, in its order; what is no mark of the strip is said."""
    rows = pl.DataFrame(
        [
            row("account", "login", "new", event_id="aut_1"),
            row("order", "order", "live", event_id="ord_7", happened_at=NOON + timedelta(hours=1)),
        ]
    )
    steps = pl.DataFrame(
        [step(1, "new_device", 0), step(2, "phone_change", 1), step(3, "order", 2)]
    )
    told = {"t0": NOON, "t1": NOON + timedelta(hours=2), "score": 0.934, "sequences": 2}
    handed = pl.DataFrame([{**told, "salient_events": "aut_1, ord_7 ord_9"}])
    sequence = StripView.of("buyer", rows, steps=steps, handed=handed).sequence
    assert sequence is not None
    assert sequence.is_handed
    assert sequence.since == NOON + timedelta(hours=7)
    assert [one.lane for one in sequence.steps] == ["account", "order"]
    assert sequence.sentence == (
        "Your model scores 0.93 for 2 h from 2026-04-02 19:00, 3 events, 2 of them marks of the "
        "strip: Sign-in on a device new to it; Order, via live"
    )
    bare = handed.with_columns(salient_events=pl.lit(None, pl.String))
    untold = StripView.of("buyer", rows, handed=bare).sequence
    assert untold is not None
    assert untold.steps == ()
