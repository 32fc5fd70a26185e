"""A page of orders names the other side of the trade and says where it lies among all."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from dashboard.view_models.orders import PAGE_SIZE, orders_view, sessions_view
from tests.dashboard.tiny_entities import FORMULA, OVERRIDE


def orders(count: int, total: int) -> pl.DataFrame:
    """Rows of `pages/investigate/orders`."""
    row = {
        "order_id": "ord_1",
        "created_at": datetime(2026, 5, 1, 12),  # noqa: DTZ001 - UTC without a zone, as stored
        "buyer_id": "buy_1",
        "merchant_id": "mer_1",
        "product_id": "prd_1",
        "buyer_name": OVERRIDE,
        "merchant_name": FORMULA,
        "product_title": "",
        "channel": "shop_tab",
        "paid_usd": 19.0,
        "voucher_usd": 0.0,
        "outcome": "refunded",
        "refund_reason": "not_received",
        "rating": 5,
        "device_id": "dev_…7f3a",
        "address_id": "adr_…beef",
        "payment_token_id": "pay_…0001",
        "is_billing_match": False,
        "total_count": total,
    }
    return pl.DataFrame([row] * count)


@pytest.mark.parametrize(
    ("entity_type", "other"), [("merchant", "abc[U+202E]gnp.…"), ("buyer", '=HYPERLINK("htt…')]
)
def test_the_other_side_of_the_trade_is_named(entity_type: str, other: str) -> None:
    """A merchant reads buyers, a buyer merchants; codes are words and names plain."""
    row = orders_view(entity_type, orders(1, 1), 1).table.row(0, named=True)
    assert row["other"] == other
    assert row["channel"] == "Shop tab"
    assert row["outcome"] == "Refunded: not received, 5 ★"
    assert row["product_key"] == "product:prd_1"
    assert row["product"] == "(no name)"
    assert (row["payment_token_id"], row["billed"]) == ("pay_…0001", "elsewhere")


def test_a_page_says_which_rows_of_how_many_it_holds() -> None:
    """One page needs no span; a later page counts on from the ones before."""
    assert orders_view("buyer", orders(3, 3), 1).caption == "3 orders"
    second = orders_view("buyer", orders(PAGE_SIZE, 60), 2)
    assert (second.caption, second.pages) == ("26 to 50 of 60 orders", 3)


def test_a_live_session_opens_from_its_row() -> None:
    """Its title is plain text, and leads to the room by its id."""
    rows = pl.DataFrame([{"live_session_id": "liv_1", "title": OVERRIDE, "total_count": 1}])
    view = sessions_view(rows, 1)
    assert view.table.row(0, named=True) == {
        "live_session_id": "liv_1",
        "title": "abc[U+202E]gnp.exe",
    }
    assert view.caption == "1 live session"
