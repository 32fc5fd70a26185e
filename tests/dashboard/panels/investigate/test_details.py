"""Details: what only one type of subject has, its names literal and its links right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.dashboard.harness import mask, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

TITLES = {
    "merchant:mer_1": ("Settlements and payouts", "Listings", "Fulfilment by week of the order"),
    "creator:crt_1": ("From view to refund, by channel", "Short videos"),
    "product:prd_1": ("Price and versions", "Twins", "Reviews by day"),
    "buyer:buy_1": ("Devices, addresses, cards and networks", "Voucher ledger", "Refunds"),
}


def details(open_page: Open, key: str, **more: str) -> AppTest:
    """The tab of a subject."""
    return open_page("investigate", {"entity": key, "tab": "details", **more})


def frame(app: AppTest, column: str) -> Any:
    """The one table that has a column."""
    [table] = [one.value for one in app.dataframe if column in one.value.columns]
    return table


@pytest.mark.parametrize("key", TITLES)
def test_every_type_has_its_parts(open_page: Open, key: str) -> None:
    """Each under its title, with nothing gone wrong."""
    app = details(open_page, key)
    assert not app.exception
    told = words(app).replace("\\", "")
    assert all(title in told for title in TITLES[key])
    assert "Something went wrong" not in told


def test_a_room_has_no_details(open_page: Open) -> None:
    """It has its minutes and its people."""
    app = open_page("investigate", {"entity": "live_session:liv_1"})
    assert "Details" not in list(app.segmented_control[0].options)


def test_a_shop_is_paid_by_the_week(open_page: Open) -> None:
    """What left and what is held, in the table and in the sentence."""
    app = details(open_page, "merchant:mer_1")
    assert "$17.00 paid out, $17.00 held" in words(app).replace("\\", "")
    weeks = frame(app, "held_usd")
    assert (weeks["settled_usd"].sum(), weeks["held_usd"].sum()) == (17.0, 17.0)
    assert frame(app, "cut")["cut"].to_list() == [60.0]


def test_a_video_has_a_page_of_its_own(open_page: Open) -> None:
    """By its id in the address; an id that the creator does not have opens nothing."""
    app = details(open_page, "creator:crt_1", video="vid_1")
    told = words(app).replace("\\", "")
    assert "200 views, 14 likes, 4 comments, 10 clicks and 15 orders" in told
    assert "<img src=x" in told  # literal: nothing on this page is drawn as HTML
    closed = details(open_page, "creator:crt_1", video="vid_9")
    assert not closed.exception
    assert "Close" not in [button.label for button in closed.button]


def test_a_price_stands_beside_its_versions(open_page: Open) -> None:
    """What changed from one to the next."""
    table = frame(details(open_page, "product:prd_1"), "changed")
    assert table["changed"].to_list() == ["as listed", "price"]
    assert table["price_usd"].to_list() == [20.0, 8.0]


def test_the_account_on_the_same_device_is_a_link(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Masked, with first and last day; whoever is of another market is not even counted."""
    app = details(open_page, "buyer:buy_1")
    things = frame(app, "other_accounts")
    assert things["other_accounts"].to_list() == [1]
    assert things["other"].to_list() == [mask("Tan | Wei")]
    assert things["identifier_id"][0] == mask("dev_00000001", "device")
    kinds = [json.loads(one.proto.columns) for one in app.dataframe if "other" in one.value.columns]
    assert kinds[0]["other"]["type_config"]["type"] == "button"
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    things = frame(details(open_page, "buyer:buy_1"), "other_accounts")
    assert things["other_accounts"].to_list() == [0]
    assert things["other"].isna().all()


def test_the_voucher_ledger_says_how_the_basket_fits(open_page: Open) -> None:
    """Two dollars above the minimum, paid by the platform."""
    app = details(open_page, "buyer:buy_1")
    ledger = frame(app, "above_usd")
    assert ledger["above_usd"].to_list()[-1] == 2.0
    assert (
        "$40.00 off in 20 orders, $2.00 of it paid by the platform; 1 voucher for new buyers"
        in words(app).replace("\\", "")
    )


def test_what_was_not_delivered_is_a_sentence(open_page: Open) -> None:
    """No video, no settlement, no version: the parts say so."""
    gone = [
        f"staging.{name}"
        for name in ("videos", "settlements", "listing_versions", "vouchers", "refunds")
    ]
    for key in TITLES:
        app = open_page("investigate", {"entity": key, "tab": "details"}, empty=gone)
        assert not app.exception
        assert "Something went wrong" not in words(app)
