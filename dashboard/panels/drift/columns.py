"""Every watched column in both windows, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import address, look
from dashboard.store import data_version, read
from dashboard.view_models.data_drift import column_table
from dashboard.view_models.drift_reference import with_reference

if TYPE_CHECKING:
    from dashboard.panels.drift.selection import Selection


def columns_of(selection: Selection) -> pl.DataFrame:
    """Rows of the table, the furthest beyond noise first."""
    rows = read("pages/drift/columns", slice=selection.market, **selection.windows)
    days = read("pages/drift/days", slice=selection.market)
    table = column_table(rows, days, selection.now.until)
    frozen = read("pages/drift/columns", slice=selection.market, **selection.frozen_windows)
    return with_reference(table, frozen)


def draw_columns(selection: Selection, rows: pl.DataFrame, chosen: str) -> None:
    """The table; a tick chooses the column that is drawn below."""
    names = rows["column_name"].to_list()

    def choose(number: int | None) -> None:
        address.put({"column": "" if number is None else names[number]})

    days = "-".join(map(str, selection.windows.values()))
    look.choose_row(
        rows.with_columns(_quiet(name) for name in ("missing_before", "missing", "unseen", "tail")),
        {
            "label": look.text_column("Column", width=190),
            "times": look.number_column(
                "Beyond noise", "%.1f ×", tip="PSI over what days without a change scatter by"
            ),
            "psi": look.number_column("PSI", "%.3f", tip="Under 0.1 stable, over 0.25 shifted"),
            "noise": look.number_column("Noise", "%.3f"),
            "psi_frozen": look.number_column("PSI, frozen", "%.3f", tip=_FROZEN),
            "times_frozen": look.number_column("Beyond noise, frozen", "%.1f ×", tip=_FROZEN),
            "ks": look.number_column("KS", "%.3f", tip="Largest gap of the two distributions"),
            "jensen_shannon": look.number_column("JS", "%.3f", tip="0 equal, 1 nothing in common"),
            "missing_before": look.number_column("Missing before", "%.1f%%"),
            "missing": look.number_column("Missing", "%.1f%%"),
            "unseen": look.number_column("Never seen", "%.1f%%"),
            "tail": look.number_column(
                "In the tail", "%.1f%%", tip="Above 99.9 % of the first 28 days"
            ),
            "orders": look.number_column("Orders"),
            "line": st.column_config.LineChartColumn("60 days, PSI by noise", width=150, y_min=0.0),
            "alarms": look.number_column("Alarms", tip="Days of those 60 with an alarm"),
        },
        alt="Columns by how far they moved",
        key=f"drift-columns-{data_version()}-{days}",
        chosen=names.index(chosen) if chosen in names else None,
        on_choose=choose,
    )


_FROZEN = "These days against the frozen reference"


def _quiet(name: str) -> pl.Expr:
    """A share in hundredths, nothing where it is none: most columns have none of most of these."""
    return pl.when(pl.col(name) > 0.0).then(pl.col(name) * 100.0).alias(name)
