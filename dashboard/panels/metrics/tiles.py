"""The figures on top of the Metrics page: a few metrics that a manager opens with, one chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look
from dashboard.components.kpi_tiles import kpi_tiles
from dashboard.panels.metrics.reading import can_slice, complete_until, series
from dashboard.panels.metrics.selection import KEPT_ANSWERS, metrics_of
from dashboard.store import data_version
from dashboard.view_models.kpi_table import kpi_table
from dashboard.view_models.kpi_tiles import Figure, Tile, figure_of, tiles

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from dashboard.panels.metrics.selection import Selection
    from queries.registry import Kpi

FIRST_FIGURES = (
    "gmv_usd",
    "orders",
    "bad_order_rate",
    "refund_rate",
    "prevented_loss",
    "enforcement_precision",
    "backlog",
)
"""What the page opens with, where the build has it."""
MOST_TILES = 7


def draw_tiles(selection: Selection) -> None:
    """The first figures and the chosen one; all others behind a button."""
    codes = tuple(_codes(metrics_of(), selection.kpi.code))
    drawn = _tiles(data_version(), codes, selection.question, selection)
    chosen = [replace(tile, is_selected=tile.code == selection.kpi.code) for tile in drawn]
    kpi_tiles(chosen, key="metrics.tiles", on_choose=choose_metric)


@st.cache_data(max_entries=KEPT_ANSWERS, show_spinner=False)
def _tiles(
    version: str, codes: tuple[str, ...], question: tuple[str, ...], _selection: Selection
) -> tuple[Tile, ...]:
    """The tiles of one build and question: a click that changes nothing of them costs nothing."""
    del version, question
    known = metrics_of()
    # Guard-rails are read too: a figure says when one of its own got worse.
    guards = [guard for code in codes for guard in known[code].guard_rail if guard in known]
    figures, rows, complete = figures_of([known[code] for code in {*codes, *guards}], _selection)
    shown = [figures[code] for code in codes if code in figures]
    return tiles(shown, rows, complete, "", guards=figures)


def choose_metric(code: str) -> None:
    """Make `code` the metric of the page."""
    address.put({"metric": code})


def _codes(known: dict[str, Kpi], chosen: str) -> list[str]:
    first = [code for code in FIRST_FIGURES if code in known]
    others = sorted(set(known) - {*first}, key=lambda code: (known[code].leading, code))
    codes = [*first, *others][:MOST_TILES]
    return codes if chosen in codes else [*codes[: MOST_TILES - 1], chosen]


def figures_of(
    wanted: list[Kpi], selection: Selection
) -> tuple[dict[str, Figure], dict[str, pl.DataFrame], dict[str, date]]:
    """Figures, lines and last complete days by code, of those that can be asked of the slice."""
    rows = {kpi.code: series(kpi, selection) for kpi in wanted if can_slice(kpi, selection)}
    complete = {code: complete_until(days, selection) for code, days in rows.items()}
    figures = {
        kpi.code: figure_of(kpi, rows[kpi.code], selection.compared, complete[kpi.code])
        for kpi in wanted
        if kpi.code in rows
    }
    return figures, rows, complete


def draw_all(selection: Selection) -> None:
    """Every metric as a row, in the order of their tree; opened on request."""
    box = st.popover("All metrics", icon=":material/list:", key="metrics.all", on_change="rerun")
    if not box.open:
        return
    with box:
        known = metrics_of()
        figures, rows, complete = figures_of(list(known.values()), selection)
        table = kpi_table(figures, rows, complete)
        slot = f"metrics.every-{data_version()}-{hash(table.codes)}"
        look.table(
            table.rows,
            {
                "label": look.text_column("Metric", width=240),
                "open": look.button_column("", f"{slot}-open", _open, (slot, table.codes)),
                "value": look.text_column("Now", width=90),
                "change": look.text_column("Change", width=90),
                "line": st.column_config.LineChartColumn("Last 8 weeks", width=140),
                "owner": look.text_column("Owner", width=130),
                "definition": look.text_column("What it is", width=320),
            },
            alt="Every metric with its value, change and last weeks",
            key=slot,
            most_rows=16,
        )


def _open(slot: str, codes: tuple[str, ...]) -> None:
    choose_metric(codes[st.session_state[f"{slot}-open"]["row"]])
