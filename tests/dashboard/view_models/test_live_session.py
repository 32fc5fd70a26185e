"""A live session in words: both sides, honest about what cannot be said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from dashboard.view_models.live_session import (
    LiveSessionView,
    LiveSessionWhy,
    MinutesView,
    people_table,
)

HOSTILE = "[x](https://evil.example)\u202e"


def measured(feature: str, value: float | None, lower: float = 0.5, **more: Any) -> dict[str, Any]:
    """One row of `pages/investigate/session_features`."""
    row = {"feature": feature, "value": value, "peer_median": 0.2, "peers": 40}
    return row | {"peer_group": "SG / toys", "lower_share": lower, "higher_share": 1 - lower} | more


def why(*rows: dict[str, Any], fired: tuple[str, ...] = ()) -> LiveSessionWhy:
    """The view of some rows and fired signals."""
    signals = pl.DataFrame({"code": list(fired)}, schema={"code": pl.String})
    return LiveSessionWhy.of(pl.DataFrame(list(rows)), signals)


def test_numbers_of_a_fired_signal_come_first() -> None:
    """What a scheme asks for leads, even when a number beside it is rarer."""
    view = why(
        measured("viewers_per_device", 9.0, 0.99),
        measured("crowd_signs", 3.0, 0.9),
        fired=("T2.S09_ROOM_OF_THREE_SIGNS",),
    )
    assert [point.feature for point in view.against] == ["crowd_signs", "viewers_per_device"]


@pytest.mark.parametrize(("lower", "stands"), [(0.96, True), (0.94, False)])
def test_a_number_stands_out_when_one_in_twenty_goes_as_far(lower: float, stands: bool) -> None:
    """No signal is needed for what hardly any peer does."""
    assert bool(why(measured("young_viewer_share", 0.5, lower)).against) is stands


def test_the_suspicious_end_may_be_the_low_one() -> None:
    """Few clicks stand out, many speak for the room."""
    few, many = measured("clicks_per_view", 0.01, 0.02), measured("clicks_per_view", 0.2, 0.9)
    assert [point.standing for point in why(few).against] == ["less than 98% of peers"]
    assert [point.standing for point in why(many).exculpating] == ["more than 90% of peers"]


def test_a_number_without_a_suspicious_end_is_on_neither_side() -> None:
    """How many orders a room has is no reproach and no excuse."""
    assert why(measured("orders", 500.0, 1.0)).points == ()


def test_nobody_is_on_both_sides() -> None:
    """A usual number that a fired signal asks for stands against the room only."""
    view = why(measured("crowd_signs", 3.0, 0.1), fired=("T2.S09_ROOM_OF_THREE_SIGNS",))
    assert ([p.feature for p in view.against], view.exculpating) == (["crowd_signs"], ())


def test_what_is_unknown_says_what_it_needs() -> None:
    """Too little history is a sentence, not a zero."""
    assert why(measured("early_order_share", None)).unknown == (
        "Orders in the first half hour: needs 5 orders in the room",
    )


def test_too_few_peers_are_told() -> None:
    """A comparison with everybody does not pass for one with peers."""
    row = measured("crowd_signs", 3.0)
    assert why(row).peers == "Compared with 40 other rooms of SG / toys."
    assert "too few" in why(row | {"peer_group": None}).peers


def test_a_live_session_without_a_merchant_leads_to_its_host_only() -> None:
    """Nobody paid a slot: there is no second link; names are plain."""
    at = datetime(2026, 9, 1, 12)  # noqa: DTZ001 - UTC without a zone, as stored
    row = {
        "creator_id": "crt_1",
        "creator_name": HOSTILE,
        "creator_market": "SG",
        "merchant_id": None,
        "merchant_name": None,
        "merchant_market": None,
        "started_at": at,
        "ended_at": at.replace(hour=14),
        "views": 1000,
        "unique_viewers": 1,
        "orders": 1,
        "gmv_usd": 20.0,
        "slot_fee_usd": 0.0,
    }
    view = LiveSessionView.of(pl.DataFrame([row]))
    assert [(place.key, place.role) for place in view.places] == [("creator:crt_1", "Host")]
    assert "[U+202E]" in view.places[0].name
    assert view.summary == (
        "2026-09-01 12:00 UTC, 2 h · 1,000 entries by 1 viewer · 1 order of $20 · no slot fee"
    )
    assert LiveSessionView.of(pl.DataFrame(schema=list(row))).places == ()


@pytest.mark.parametrize(
    ("joins", "sentence"),
    [
        ([100, *[0] * 9], "Half of the 100 entries came in the first 1 minute"),
        ([10] * 10, "Half of the 100 entries came in the first 5 minutes"),
        ([0] * 10, "Nobody entered"),
        ([], "Nobody entered"),
    ],
)
def test_how_a_live_session_filled_is_one_sentence(joins: list[int], sentence: str) -> None:
    """At once, evenly or not at all."""
    minutes = pl.DataFrame({"joins": joins}, schema={"joins": pl.Int64})
    minutes = minutes.with_columns(is_surge=pl.lit(value=False))
    view = MinutesView.of(minutes)
    assert view.sentence.startswith(sentence)
    assert not view.surges


def test_surges_are_one_sentence() -> None:
    """From when, how much, how often the pace, and what looks the same."""
    rows = pl.DataFrame(
        {
            "minute": [3, 14, 40],
            "joins": [20, 300, 90],
            "pace": [20.0, 25.0, 22.0],
            "surging": [20.0, 310.0, 80.0],
            "is_surge": [False, True, True],
        }
    )
    told = MinutesView.of(rows).surges
    assert told.startswith(
        "Entries surge from minute 14: 310 a minute for four minutes, 12.4 times"
    )
    assert "again from minute 40" in told


def test_people_are_plain_text() -> None:
    """A name that would turn the reading direction is shown for what it is."""
    people = pl.DataFrame(
        [{"entity_type": "buyer", "entity_id": "buy_1", "name": HOSTILE, "total_count": 1}]
    )
    assert "[U+202E]" in people_table(people)["name"][0]
