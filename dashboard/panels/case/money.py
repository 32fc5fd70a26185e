"""Who took and who loses, member by member: the rows behind the money of the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.components.open_column import open_column
from dashboard.store import data_version
from dashboard.view_models.case import MONEY
from dashboard.view_models.case_money import money_table

if TYPE_CHECKING:
    import polars as pl

    from dashboard.view_models.case import CaseView


def draw_money(view: CaseView, taken: pl.DataFrame, case_key: str) -> None:
    """A line a member with money or harm; `taken` are rows of `pages/case/money`."""
    rows = money_table(view.rows, taken)
    st.subheader(f"Money and harm :gray-badge[{len(rows):,}]", anchor=MONEY)
    if rows.is_empty():
        st.caption("Nobody of it has taken anything in 30 days, and nothing is still to be lost.")
        return
    keys = tuple(rows["node_key"])
    key = f"case-money-{case_key}-{data_version()}-{hash(keys)}"
    look.table(
        rows,
        {
            "name": look.text_column("Subject", width=150),
            "open": open_column(key, keys),
            "loss_forward_usd": look.money_column("To be lost", width=78, tip=_AHEAD),
            "loss_bearer": look.text_column("By", width=88, tip="Who bears what is to be lost"),
            "harm_usd": look.money_column("Harm", width=64, tip="Beyond money, at its price"),
            "held_usd": look.money_column("Held", width=64, tip="Not yet paid out"),
            "horizon_days": look.number_column("Days left", "%.0f", width=70),
            "taken": look.text_column("In the last 30 days", width=270, tip=_PAST),
        },
        alt=f"Money and harm of {len(rows)} members, most first",
        key=key,
        most_rows=8,
    )


_AHEAD = "Expected, of what is held and what is still to come"
_PAST = "Who bore what it took, and what it harmed; an event that several touched is shared"
