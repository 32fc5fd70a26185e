"""What is on its way, told apart from what came, whoever paid when."""

from __future__ import annotations

from datetime import date, timedelta

import queries
from tests.schemas import empty_tables

TODAY = date(2026, 9, 29)
TABLES = {
    "facts.snapshots": "as_of date",
    "staging.orders": (
        "order_id varchar, merchant_id varchar, product_id varchar, creator_id varchar, "
        "live_session_id varchar, buyer_id varchar, paid_usd double, paid_at timestamp, "
        "cancelled_at timestamp"
    ),
    "staging.merchants": "merchant_id varchar, market varchar",
    "metrics.clocks": "market varchar, time_zone varchar",
    "staging.shipments": "order_id varchar, shipped_at timestamp, delivered_at timestamp",
    "staging.settlements": (
        "order_id varchar, amount_usd double, eligible_at timestamp, settled_at timestamp, "
        "clawed_back_at timestamp"
    ),
    "staging.commissions": (
        "order_id varchar, amount_usd double, eligible_at timestamp, paid_at timestamp, "
        "clawed_back_at timestamp"
    ),
}


def test_what_was_delivered_before_it_was_paid_is_not_on_its_way() -> None:
    """Cash on delivery: a parcel that left forty days ago, came, and was paid two weeks ago."""
    sent, paid = (TODAY - timedelta(days=days) for days in (40, 14))
    with empty_tables(TABLES) as con:
        con.execute("insert into facts.snapshots values ($day)", {"day": TODAY})
        for order, came in (("came", paid), ("sent", None)):
            con.execute(
                "insert into staging.orders "
                "values ($id, 'm', 'p', null, null, 'b', 5, $paid, null)",
                {"id": order, "paid": paid},
            )
            con.execute(
                "insert into staging.shipments values ($id, $sent, $came)",
                {"id": order, "sent": sent, "came": came},
            )
        queries.build(con, "alerts/open_orders")
        found = con.sql("select order_id, is_under_way from alerts.open_orders").fetchall()
    assert found == [("sent", True)]
