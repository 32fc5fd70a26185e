"""Timeline and orders: the strip of all events, then what happened, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.casebook import open_casebook
from dashboard.charts.event_strip import strip_alt, strip_chart
from dashboard.components import address, look, scope
from dashboard.components.boundary import boundary, panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.open_column import name_column
from dashboard.components.reveal import DataSubject, draw_reveal, read_shown
from dashboard.currency import shown
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.event_strip import LANES, MOST, StripView
from dashboard.view_models.orders import IDENTIFIERS, PagedTable, orders_view, sessions_view
from dashboard.view_models.orders import PAGE_SIZE as ORDERS_SIZE
from dashboard.view_models.timeline import KINDS, TimelineView, reading

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
    """The strip of every event, and one list of everything, with the decisions among it."""
    with boundary():
        _strip(entity)
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
        **reading(page),
    )
    decisions = _decisions(entity) if not kinds or DECISION in kinds else []
    view = TimelineView.of(lines, decisions, page=page)
    if not view.events:
        reason = needs("orders", otherwise="Choose other kinds, or go back to the first page.")
        empty_state("Nothing happened here.", reason)
        st.button("First page", key="timeline.first", on_click=address.setter(lines=""))
        return
    look.table(
        view.table(),
        {
            "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD", width=92, help=_CLOCKS),
            "kind": look.text_column("Kind", width=100),
            "text": look.text_column("What happened", width=390),
            "amount": look.money_column(f"Amount, {shown().code}", whole=False, width=106),
            "calendar": look.text_column("Calendar", width=200, tip="What ran in its market then"),
        },
        alt=f"Timeline, {view.total} lines, newest first",
        key=f"timeline-{data_version()}-{entity.key}-{page}-{len(kinds)}",
        most_rows=18,
    )
    _foot("lines", view.pages, view.page, f"{view.total:,} lines")


def strip_of(entity: EntityRef) -> StripView:
    """The strip of an entity: its events, the decisions, and what looks like a takeover."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    parts = [
        read(f"pages/investigate/{name}", **who, most=MOST) for name in ("strip_trade", "strip_own")
    ]
    steps = None
    if entity.entity_type in ACCOUNTS:
        steps = read(
            "pages/investigate/salient_sequence",
            entity_type=entity.entity_type,
            entity_ids=[entity.entity_id],
        )
    try:
        handed = read("pages/investigate/handed_sequence", **who)
    except TableMissing:
        handed = None
    return StripView.of(entity.entity_type, pl.concat(parts), _decisions(entity), steps, handed)


def _strip(entity: EntityRef) -> None:
    """Every event on one axis; the row of the chosen one below it."""
    view = strip_of(entity)
    if view.marks.is_empty():
        return
    if view.sequence:
        help_text = _HANDED if view.sequence.is_handed else _SEQUENCE
        st.markdown(f":red-badge[Sequence] {md_escape(view.sequence.sentence)}.", help=help_text)

    zoom = st.query_params.get("zoom", "")
    if len(view.zooms) > 1:
        zoom = address.segments("Shown time", "zoom", view.zooms, zoom)

    def choose(number: int | None) -> None:
        address.put({"event": "" if number is None else view.marks["key"][number]})

    look.choose_mark(
        strip_chart(view, look.palette(), view.window(zoom)),
        alt=strip_alt(view),
        key=f"strip-{data_version()}-{entity.key}-{zoom}",
        on_choose=choose,
    )
    st.caption(md_escape(view.caption))
    chosen = view.row_of(st.query_params.get("event", ""))
    if chosen.is_empty():
        return
    look.table(
        chosen.with_columns(lane=pl.col("lane").replace_strict(LANES)),
        {
            "happened_at": _instant("When"),
            "lane": look.text_column("Kind", width=110),
            "text": look.text_column("What happened", width=380),
            "amount_usd": look.money_column(f"Amount, {shown().code}", whole=False, width=106),
            "about": look.text_column("About", width=110),
            "event_id": look.text_column("Row", width=110),
        },
        alt="The chosen event",
        key=f"event-{data_version()}-{entity.key}-{chosen['key'][0]}",
    )


@panel
def orders_panel(entity: EntityRef) -> None:
    """The orders of an entity, and a creator's live sessions above them."""
    if entity.entity_type == "creator":
        _sessions(entity)
    page = address.number("orders")
    rows = read_shown(
        entity.key,
        "pages/investigate/orders",
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        limit=ORDERS_SIZE,
        offset=(page - 1) * ORDERS_SIZE,
    )
    view = orders_view(entity.entity_type, scope.shortened(rows, *IDENTIFIERS), page)
    if view.table.is_empty():
        reason = needs("orders", otherwise="Go back to the first page.")
        empty_state("There are no orders here.", reason)
        st.button("First page", key="orders.first", on_click=address.setter(orders=""))
        return
    other = "Merchant" if entity.entity_type == "buyer" else "Buyer"
    key = f"orders-{data_version()}-{entity.key}-{page}"
    has_vouchers = bool((view.table["voucher_usd"] > 0.0).any())
    voucher = look.money_column("Voucher", whole=False, width=66)
    others, products = (tuple(view.table[name]) for name in ("other_key", "product_key"))
    look.table(
        view.table,
        {
            "created_at": _instant("Ordered"),
            "other": name_column(other, key, others, width=116),
            "product": name_column("Product", key, products, width=118),
            "channel": look.text_column("Channel", width=68),
            "paid_usd": look.money_column("Paid", whole=False, width=72),
            **({"voucher_usd": voucher} if has_vouchers else {}),
            "outcome": look.text_column("Outcome", width=112),
            "device_id": look.text_column("Device", width=80),
            "address_id": look.text_column("Address", width=80),
            "payment_token_id": look.text_column("Card", width=78),
            "billed": look.text_column("Billed to", width=84),
            "order_id": look.text_column("Order", width=88),
        },
        alt=f"Orders, {view.caption}, newest first",
        key=key,
        most_rows=18,
    )
    _foot("orders", view.pages, view.page, view.caption)
    draw_reveal(DataSubject.one(entity.key), rows, key="orders")


ACCOUNTS = ("merchant", "creator", "buyer")
"""Who signs in."""
DECISION = "decision"
"""The kind whose lines come from the casebook."""
_SEQUENCE = (
    "A device that the account was never used on, then a change of its locks, then of where goods "
    "or money go, then orders or payouts, all within 72 hours. It proves nothing: people buy new "
    "phones, and whoever passed an extra check on the device is left out."
)
_HANDED = (
    "Handed over with the data as sequence_score: the surest of this subject's, in place of the "
    "one that is looked for here."
)
_YOUNG = "Viewers whose account was young"
_CLOCKS = "The data's own day. A decision says in its line when it was recorded by the clock."


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
            "title": name_column("Room", key, keys, width=138),
            "views": look.number_column("Views", "compact", width=60),
            "peak_concurrent": look.number_column("Peak", "compact", width=56),
            "watch_seconds_mean": look.number_column("Watched", "%.0f s", width=74),
            "comments": look.number_column("Comments", "compact", width=82),
            "distinct_share": look.number_column("Distinct", look.PERCENT, width=72),
            "young_share": look.number_column("Young", look.PERCENT, width=64, tip=_YOUNG),
            "product_clicks": look.number_column("Clicks", "compact", width=58),
            "orders": look.number_column("Orders", width=60),
            "slot_fee_usd": look.money_column("Slot fee", width=72),
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
