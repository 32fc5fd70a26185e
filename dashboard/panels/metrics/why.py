"""Why a metric changed: what the calendar, mix and maturity explain, then the slices that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address
from dashboard.panels.metrics.reading import leaves, slices
from dashboard.store import data_version
from dashboard.text import md_escape
from dashboard.view_models.root_cause_words import RootCauseLine, root_cause_lines
from pipeline.attribution.root_causes import RootCauses, root_causes
from queries.registry import DIMENSIONS

if TYPE_CHECKING:
    import polars as pl

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.periods import Compared

KEPT_ANSWERS = 64


def draw_why(selection: Selection, compared: Compared) -> None:
    """The slices that explain the change, each a click from being looked into."""
    st.markdown("**Why**")
    kpi = selection.kpi
    open_dimensions = tuple(name for name in DIMENSIONS if len(selection.slices.get(name, ())) != 1)
    if not kpi.is_of_cube:
        open_dimensions = tuple({"market", "category"} & {*open_dimensions})
    found = _searched(
        data_version(),
        (kpi.code, f"{compared}", *selection.filters, *selection.markets),
        open_dimensions,
        selection,
        compared,
    )
    lines, rest = root_cause_lines(found, open_dimensions, kpi.unit)
    for line in lines:
        _draw(line)
    if rest:
        st.caption(md_escape(rest))


@st.cache_data(max_entries=KEPT_ANSWERS, show_spinner=False)
def _searched(
    version: str,
    question: tuple[str, ...],
    dimensions: tuple[str, ...],
    _selection: Selection,
    _compared: Compared,
) -> RootCauses:
    """The answer for one build and one question: whoever asks again waits for nothing."""
    del version, question
    kpi = _selection.kpi
    rows = _rows(_selection, _compared, dimensions)
    if kpi.is_additive:
        rows = rows.drop("denominator_before", "denominator_after")
        rows = rows if kpi.unit == "usd" else rows.drop("n_before", "n_after")
    return root_causes(rows, dimensions, days=_compared.days)


def _rows(
    selection: Selection, compared: Compared, open_dimensions: tuple[str, ...]
) -> pl.DataFrame:
    if selection.kpi.is_of_cube:
        return leaves(selection.kpi, selection, compared, open_dimensions)
    return slices(selection.kpi, selection, compared, open_dimensions)


def _draw(line: RootCauseLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{md_escape(line.name)}** :gray[{md_escape(line.said)}]", width="stretch")
        st.button(
            "Look",
            type="tertiary",
            key=f"metrics.cause.{'&'.join(line.slices.values())}",
            on_click=_go_down,
            args=(dict(line.slices),),
        )


def _go_down(slices_of: dict[str, str]) -> None:
    address.put({name: address.listed([value]) for name, value in slices_of.items()})
