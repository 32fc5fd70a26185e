"""A buyer: vouchers, refunds, and the devices and addresses it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import look, scope
from dashboard.components.open_column import name_column
from dashboard.components.reveal import DataSubject, draw_reveal, read_shown
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.details import (
    MOST_ROWS,
    refunds_sentence,
    refunds_table,
    things_sentence,
    things_table,
    vouchers_sentence,
    vouchers_table,
)

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView


def _things(entity: EntityRef, _: HeaderView) -> None:
    things = read_shown(
        entity.key,
        "pages/investigate/buyer_things",
        entity_id=entity.entity_id,
        limit=MOST_ROWS,
    )
    st.markdown("**Devices, addresses, cards and networks**")
    st.caption(md_escape(things_sentence(things)))
    if things.is_empty():
        return
    named = scope.hide_names(things.rename({"other_name": "name", "other_market": "market"}))
    named = named.rename({"name": "other_name"}).with_columns(
        other_name=pl.when(pl.col("other_key").is_not_null()).then("other_name")
    )
    key = f"things-{data_version()}-{entity.key}"
    others = tuple(one or "" for one in named["other_key"])
    rows = things_table(scope.shortened(named, "identifier_id"))
    look.table(
        rows,
        {
            "relation": look.text_column("Kind", width=104),
            "identifier_id": look.text_column("Identifier", width=132),
            "first_seen_at": _day("First seen"),
            "last_seen_at": _day("Last seen"),
            "times": look.number_column("Times", width=60, tip="Orders and sign-ins on it"),
            "other_accounts": look.number_column("Others", width=64, tip="Accounts beside it"),
            "other": name_column("Most used by", key, others, width=140),
            "note": look.text_column("", width=140),
        },
        alt=f"{len(rows)} things it uses, those of most others first",
        key=key,
        most_rows=10,
    )
    draw_reveal(DataSubject.one(entity.key), things, key="things")


def _vouchers(entity: EntityRef, _: HeaderView) -> None:
    vouchers = read("pages/investigate/buyer_vouchers", entity_id=entity.entity_id, limit=MOST_ROWS)
    st.markdown("**Voucher ledger**")
    st.caption(md_escape(vouchers_sentence(vouchers)))
    if vouchers.is_empty():
        return
    look.table(
        vouchers_table(vouchers),
        {
            "created_at": _instant("Redeemed"),
            "kind": look.text_column("Voucher", width=84),
            "funded_by": look.text_column("Paid by", width=78),
            "discount_usd": look.money_column("Off", whole=False, width=70),
            "items_usd": look.money_column("Basket", whole=False, width=76),
            "min_spend_usd": look.money_column("Minimum", whole=False, width=78),
            "above_usd": look.money_column("Above it", whole=False, width=78, tip=_ABOVE),
            "ended": look.text_column("Order", width=84),
            "voucher_id": look.text_column("Voucher id", width=92),
            "order_id": look.text_column("Order id", width=92),
        },
        alt=f"{len(vouchers)} redeemed vouchers, newest first",
        key=f"vouchers-{data_version()}-{entity.key}",
        most_rows=10,
    )


def _refunds(entity: EntityRef, _: HeaderView) -> None:
    refunds = read("pages/investigate/buyer_refunds", entity_id=entity.entity_id, limit=MOST_ROWS)
    st.markdown("**Refunds**")
    st.caption(md_escape(refunds_sentence(refunds)))
    if refunds.is_empty():
        return
    titled = scope.hide_names(refunds.rename({"product_title": "name"}))
    key = f"refunds-{data_version()}-{entity.key}"
    products = tuple(f"product:{one}" for one in refunds["product_id"])
    look.table(
        refunds_table(titled.rename({"name": "product_title"})),
        {
            "requested_at": _instant("Asked"),
            "reason": look.text_column("Reason", width=112),
            "kind": look.text_column("Kind", width=100),
            "amount_usd": look.money_column("Amount", whole=False, width=76),
            "ended": look.text_column("Ended", width=104),
            "days": look.number_column("After", "%.1f d", width=62, tip=_AFTER),
            "product": name_column("Product", key, products, width=120),
            "claim": look.text_column("What the buyer wrote", width=150),
            "order_id": look.text_column("Order", width=92),
        },
        alt=f"{len(refunds)} refunds asked for, newest first",
        key=key,
        most_rows=10,
    )


def _day(label: str) -> object:
    return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=88)


def _instant(label: str) -> object:
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", width=116)


_ABOVE = (
    "The basket less what the voucher asks for: a hair above it, again and again, is made to fit"
)
_AFTER = "Days from delivery to the request; empty = not delivered, negative = before delivery"
draw_buyer = (_things, _vouchers, _refunds)
