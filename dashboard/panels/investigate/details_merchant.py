"""A shop: what it is paid and when, its listings, and how it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.details import payout_chart
from dashboard.components import look
from dashboard.components.open_column import name_column
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.details import (
    MOST_ROWS,
    fulfilment_table,
    listings_sentence,
    listings_table,
    payouts_sentence,
)

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView


def _payouts(entity: EntityRef, _: HeaderView) -> None:
    weeks = read("pages/investigate/merchant_payouts", entity_id=entity.entity_id)
    sentence = payouts_sentence(weeks)
    st.markdown("**Settlements and payouts**", help=_WEEKS)
    st.caption(md_escape(sentence))
    if weeks.is_empty():
        return
    look.chart(
        payout_chart(weeks, look.palette()),
        alt=f"Money paid out and held by week. {sentence}",
        key=f"payouts-{entity.key}",
    )
    look.table(
        weeks,
        {
            "week": _day("Week of"),
            "settlements": look.number_column("Orders", width=64),
            "amount_usd": look.money_column("Amount", whole=False, width=92),
            "settled_usd": look.money_column("Paid out", whole=False, width=92),
            "held_usd": look.money_column("Held", whole=False, width=92),
            "clawed_back_usd": look.money_column("Taken back", whole=False, width=92),
            "first_free_on": _day("May leave from"),
            "last_settled_on": _day("Last payout"),
        },
        alt=f"{len(weeks)} weeks of settlements, newest first",
        key=f"payout-weeks-{data_version()}-{entity.key}",
        most_rows=6,
    )


def _listings(entity: EntityRef, _: HeaderView) -> None:
    rows = read("pages/investigate/merchant_listings", entity_id=entity.entity_id, limit=MOST_ROWS)
    st.markdown("**Listings**")
    st.caption(md_escape(listings_sentence(rows)))
    if rows.is_empty():
        return
    key = f"listings-{data_version()}-{entity.key}"
    keys = tuple(f"product:{product}" for product in rows["product_id"])
    look.table(
        listings_table(rows),
        {
            "title": name_column("Listing", key, keys, width=196),
            "category": look.text_column("Category", width=92),
            "listed_at": _day("Listed"),
            "removed_at": _day("Taken down"),
            "versions": look.number_column("Versions", width=68),
            "changed_at": _day("Changed"),
            "price_usd": look.money_column("Price", whole=False, width=76),
            "cut": look.number_column("Cut", look.PERCENT, width=56, tip=_CUT),
            "orders": look.number_column("Orders", width=62),
            "paid_usd": look.money_column("Paid", whole=False, width=88),
        },
        alt=f"{len(rows)} listings, those that brought most first",
        key=key,
        most_rows=10,
    )


def _fulfilment(entity: EntityRef, _: HeaderView) -> None:
    weeks = read("pages/investigate/merchant_fulfilment", entity_id=entity.entity_id)
    st.markdown("**Fulfilment by week of the order**")
    if weeks.is_empty():
        st.caption("Nobody has ordered here.")
        return
    look.table(
        fulfilment_table(weeks),
        {
            "week": _day("Week of"),
            "orders": look.number_column("Orders", width=70),
            "cancelled": look.number_column("Cancelled", width=80),
            "shipped": look.number_column("Shipped", width=74),
            "late": look.number_column("Late", width=60, tip=_LATE),
            "late_share": look.number_column("Late of shipped", look.PERCENT, width=110),
            "delivered": look.number_column("Delivered", width=80),
            "days": look.number_column("Days to door", "%.1f", width=98, tip="Median"),
            "refunds": look.number_column("Refunds asked", width=104),
        },
        alt=f"{len(weeks)} weeks of orders, newest first",
        key=f"fulfilment-{data_version()}-{entity.key}",
        most_rows=8,
    )


def _day(label: str) -> object:
    return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=88)


_WEEKS = (
    "By the week in which the money of an order became or becomes free to leave; days are those of "
    "the shop's market."
)
_CUT = "How far the lowest price of its versions lay below the first"
_LATE = "Marked dispatched more than 48 hours after the order"
draw_merchant = (_payouts, _listings, _fulfilment)
