"""The merchants behind a metric, each a click from its investigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.components.open_column import open_column
from dashboard.currency import shown
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.metrics import MerchantsView

if TYPE_CHECKING:
    from dashboard.panels.metrics.filters import Selection

LIMIT = 20


def draw_merchants(selection: Selection) -> None:
    """Those that add most to the metric, largest first; nothing where no order makes it."""
    if not selection.metric.is_of_cube:
        return
    column = selection.metric.numerator
    params = selection.params(selection.judged)
    rows = read("pages/metrics/merchants_behind", metric=column, **params, limit=LIMIT)
    view = MerchantsView.of(selection.metric, rows)
    st.markdown(f"**Who is behind it** :gray-badge[{md_escape(view.label)}]")
    key = f"merchants-{data_version()}-{hash(view.keys)}-{column}"
    amount = look.money_column if view.is_money else look.number_column
    unit = f", {shown().unit}" if view.is_money else ""
    look.table(
        view.table,
        {
            "name": look.text_column("Merchant", width=220),
            "open": open_column(key, view.keys),
            "market": look.text_column("Market"),
            "category": look.text_column("Category"),
            "amount": amount(view.label),
            "change": look.number_column(f"Against before{unit}", "%+,.0f"),
            "share": look.number_column("Share", look.PERCENT),
            **({} if column == "orders" else {"orders": look.number_column("Orders")}),
            "score": look.score_column(),
        },
        alt=f"Merchants behind {selection.metric.label}, largest first",
        key=key,
        most_rows=10,
        amounts=("change",) if view.is_money else (),
    )
