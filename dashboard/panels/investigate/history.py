"""Timeline and orders: what happened, newest first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.casebook import open_casebook
from dashboard.components import address, look, scope
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.open_column import open_column
from dashboard.currency import shown
from dashboard.errors import CasebookUnavailable
from dashboard.store import data_version, read
from dashboard.view_models.orders import IDENTIFIERS, PagedTable, orders_view, sessions_view
from dashboard.view_models.orders import PAGE_SIZE as ORDERS_SIZE
from dashboard.view_models.timeline import KINDS, PAGE_SIZE, TimelineView

if TYPE_CHECKING:
    from dashboard.cases.records import Decision
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView


def _decisions(entity: EntityRef) -> list[Decision]:
    """What was decided about it; nothing without a casebook, which the form beside it says."""
    try:
        return open_casebook().decisions(entity.entity_type, entity.entity_id)
    except CasebookUnavailable:
        return []


@panel
def timeline_panel(entity: EntityRef, head: HeaderView) -> None:
    """One list of everything, with the decisions among it."""
    kinds = st.pills("Kinds", list(KINDS), selection_mode="multi", format_func=KINDS.__getitem__,
                     label_visibility="collapsed", key="timeline.kinds",
                     on_change=address.setter(lines=""))  # fmt: skip
    page = address.number("lines")
    lines = read(
        "pages/investigate/timeline",
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        market=head.market,
        kinds=kinds,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    decisions = [] if kinds else _decisions(entity)
    view = TimelineView.of(lines, decisions, page=page)
    if not view.events:
        reason = needs("orders", otherwise="Choose other kinds, or go back to the first page.")
        empty_state("Nothing happened here.", reason)
        st.button("First page", key="timeline.first", on_click=address.setter(lines=""))
        return
    look.table(
        view.table(),
        {
            "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD", width=96),
            "kind": look.text_column("Kind", width=110),
            "text": look.text_column("What happened", width=480),
            "count": look.number_column("Count", width=80),
            "amount": look.money_column(f"Amount, {shown().code}", whole=False, width=110),
        },
        alt=f"Timeline, {view.total} lines, newest first",
        key=f"timeline-{data_version()}-{entity.key}-{page}-{len(kinds)}",
        most_rows=18,
    )
    _foot("lines", view.pages, view.page, f"{view.total:,} lines")


@panel
def orders_panel(entity: EntityRef) -> None:
    """The orders of an entity, and a creator's live sessions above them."""
    if entity.entity_type == "creator":
        _sessions(entity)
    page = address.number("orders")
    rows = read(
        "pages/investigate/orders",
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        limit=ORDERS_SIZE,
        offset=(page - 1) * ORDERS_SIZE,
    )
    view = orders_view(entity.entity_type, scope.masked(rows, *IDENTIFIERS), page)
    if view.table.is_empty():
        reason = needs("orders", otherwise="Go back to the first page.")
        empty_state("There are no orders here.", reason)
        st.button("First page", key="orders.first", on_click=address.setter(orders=""))
        return
    other = "Merchant" if entity.entity_type == "buyer" else "Buyer"
    look.table(
        view.table,
        {
            "created_at": _instant("Ordered"),
            "other": look.text_column(other, width=124),
            "product": look.text_column("Product", width=136),
            "channel": look.text_column("Channel", width=68),
            "paid_usd": look.money_column("Paid", whole=False, width=72),
            "voucher_usd": look.money_column("Voucher", whole=False, width=66),
            "outcome": look.text_column("Outcome", width=84),
            "refund_reason": look.text_column("Refund reason", width=112),
            "rating": look.number_column("Stars", width=48),
            "device_id": look.text_column("Device", width=86),
            "address_id": look.text_column("Address", width=86),
            "payment_token_id": look.text_column("Card", width=86),
            "billed": look.text_column("Billed to", width=92),
            "order_id": look.text_column("Order", width=96),
        },
        alt=f"Orders, {view.caption}, newest first",
        key=f"orders-{data_version()}-{entity.key}-{page}",
        most_rows=18,
    )
    _foot("orders", view.pages, view.page, view.caption)


def _sessions(entity: EntityRef) -> None:
    page = address.number("sessions")
    rows = read(
        "pages/investigate/sessions",
        entity_id=entity.entity_id,
        limit=ORDERS_SIZE,
        offset=(page - 1) * ORDERS_SIZE,
    )
    view: PagedTable = sessions_view(rows, page)
    if view.table.is_empty():
        return
    st.markdown("**Live sessions**")
    key = f"sessions-{data_version()}-{entity.key}-{page}"
    keys = tuple(f"live_session:{session}" for session in view.table["live_session_id"])
    look.table(
        view.table,
        {
            "started_at": _instant("Started"),
            "title": look.text_column("Title", width=150),
            "open": open_column(key, keys),
            "views": look.number_column("Views", "compact"),
            "peak_concurrent": look.number_column("Peak", "compact"),
            "watch_seconds_mean": look.number_column("Watch time", "%.0f s"),
            "comments": look.number_column("Comments", "compact"),
            "distinct_share": look.number_column("Distinct", look.PERCENT),
            "young_share": look.number_column("Young viewers", look.PERCENT),
            "product_clicks": look.number_column("Clicks", "compact"),
            "orders": look.number_column("Orders"),
            "slot_fee_usd": look.money_column("Slot fee"),
        },
        alt=f"Live sessions, {view.caption}, newest first",
        key=key,
        most_rows=8,
    )
    _foot("sessions", view.pages, view.page, view.caption)
    st.markdown("**Orders**")


def _instant(label: str) -> object:
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", width=120)


def _foot(name: str, pages: int, page: int, caption: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(caption)
        address.pages(name, pages, page)
