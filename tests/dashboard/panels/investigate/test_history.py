"""The timeline: a strip of every event, the row of the chosen one, and the lines below."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

KEYS = ("merchant:mer_1", "creator:crt_1", "product:prd_1", "buyer:buy_1", "live_session:liv_1")


def strip(app: AppTest) -> dict[str, Any]:
    """The strip as it was sent."""
    [chart] = app.get("plotly_chart")[-1:]
    figure: dict[str, Any] = json.loads(chart.proto.spec)
    return figure


def lanes(app: AppTest) -> list[str]:
    """Labels of the lanes, from the top."""
    return list(strip(app)["layout"]["yaxis"]["ticktext"])


@pytest.mark.parametrize("key", KEYS)
def test_every_type_has_the_lanes_that_exist_for_it(open_page: Open, key: str) -> None:
    """Buyers are paid nothing, listings sign in nowhere."""
    app = open_page("investigate", {"entity": key, "tab": "timeline"})
    assert not app.exception
    named = lanes(app)
    assert {"Orders", "Reviews", "Refunds", "Complaints", "Decisions"} <= set(named)
    assert ("Payouts" in named) == (not key.startswith("buyer"))
    assert ("Account" in named) == key.startswith(("merchant", "creator", "buyer"))
    assert ("Listings" in named) == key.startswith(("merchant", "product"))


def test_the_salient_sequence_is_said_and_drawn(open_page: Open) -> None:
    """A shop whose locks and bank a new device changed, and what it was paid after."""
    app = open_page("investigate", {"entity": "merchant:mer_1", "tab": "timeline"})
    told = words(app).replace("\\", "")
    assert "New device, password change and new bank account within 2 h" in told
    assert "then 1 payout for $17" in told
    [band] = strip(app)["layout"]["shapes"]
    assert (band["x0"][-8:], band["x1"][-8:]) == ("17:00:00", "21:00:00")
    zoomed = open_page(
        "investigate", {"entity": "merchant:mer_1", "tab": "timeline", "zoom": "sequence"}
    )
    low, high = strip(zoomed)["layout"]["xaxis"]["range"]
    assert low[:10] == high[:10] == band["x0"][:10]


def test_the_chosen_event_has_its_row(open_page: Open) -> None:
    """By its place in the address, on the market's clock; what names no event opens nothing."""
    there = {"entity": "merchant:mer_1", "tab": "timeline", "event": "refund:refund_only:ref_1"}
    app = open_page("investigate", there)
    row = app.dataframe[0].value.iloc[0]
    assert row["text"] == "Refund without a return asked for: not received"
    assert (row["event_id"], row["about"], row["amount_usd"]) == ("ref_1", "ord_002", 19.0)
    assert f"{row['happened_at']:%H:%M}" == "20:00"
    nothing = open_page("investigate", {**there, "event": "refund:x:<b>"})
    assert not nothing.exception
    assert len(nothing.dataframe) == len(app.dataframe) - 1


def test_the_lines_below_tell_the_same_kinds(open_page: Open) -> None:
    """What is a mark of the strip is a line of its day, for whoever does not see marks."""
    app = open_page("investigate", {"entity": "merchant:mer_1", "tab": "timeline"})
    kinds = set(app.dataframe[0].value["kind"])
    assert {"Orders", "Refunds", "Complaints", "Payouts", "Listings", "Account"} <= kinds


def test_hostile_texts_are_no_markup_in_the_strip(open_page: Open) -> None:
    """Plotly reads angle brackets as HTML."""
    app = open_page("investigate", {"entity": "creator:crt_1", "tab": "timeline"})
    hovers = [text for trace in strip(app)["data"] for text in trace.get("hovertext", ())]
    assert any("&lt;img src=x" in text for text in hovers)
    assert not any("<img" in text for text in hovers)
