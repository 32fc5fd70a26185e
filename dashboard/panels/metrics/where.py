"""Where a change comes from: slice by slice as a path, and over two dimensions as a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.heat import heat_map
from dashboard.charts.waterfall import Unit, waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.panels.metrics.reading import slices, told_apart
from dashboard.panels.metrics.selection import KEPT_ANSWERS
from dashboard.store import data_version
from dashboard.text import md_escape
from dashboard.view_models.kpi_change import change_of
from dashboard.view_models.measures import RATES
from dashboard.view_models.metric_change import REST, ChangeView, GridView
from dashboard.view_models.metric_words import DIMENSION_WORDS, dimension_words, slice_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.periods import Compared
    from pipeline.attribution.change import Change

_TICKS = 4


def draw_where(selection: Selection, compared: Compared) -> None:
    """One dimension as a path from before to now, two as a grid; a click goes down into a value."""
    told = told_apart(selection)
    open_dimensions = list(told)
    if not open_dimensions:
        empty_state("Everything is narrowed down already.", "Go a step back up to compare slices.")
        return
    st.markdown("**Where it comes from**")
    path, grid = st.columns([0.5, 0.5], gap="medium")
    with path:
        by = _by("by", open_dimensions, open_dimensions[0])
        _draw_path(selection, compared, by)
    with grid:
        others = told[by]
        if others:
            across = _by("across", others, others[0])
            _draw_grid(selection, compared, (by, across))


def _by(name: str, dimensions: Sequence[str], default: str) -> str:
    words = {one: dimension_words(one) for one in dimensions}
    asked = st.query_params.get(name, "")
    chosen = asked if asked in words else default
    ordered = {default: words[default], **words}
    label = "By" if name == "by" else "And by"
    return address.select(label, name, ordered, chosen, is_bare=True)


def decomposed(selection: Selection, compared: Compared, dimensions: Sequence[str]) -> Change:
    """What each value, or pair of values, added to the change of the metric."""
    asked = (selection.kpi.code, *dimensions, f"{compared}", *selection.question)
    return _decomposed(data_version(), asked, selection, compared, tuple(dimensions))


@st.cache_data(max_entries=KEPT_ANSWERS, show_spinner=False)
def _decomposed(
    version: str,
    question: tuple[str, ...],
    _selection: Selection,
    _compared: Compared,
    _dimensions: tuple[str, ...],
) -> Change:
    """The answer for one build and one question."""
    del version, question
    rows = slices(_selection.kpi, _selection, _compared, _dimensions)
    return change_of(_selection.kpi, rows, _compared)


def _draw_path(selection: Selection, compared: Compared, by: str) -> None:
    kpi = selection.kpi
    change = decomposed(selection, compared, [by])
    view = ChangeView.of(change, kpi.unit, names=by, label=slice_label)
    st.caption(md_escape(" ".join([view.sentence, *view.notes])))
    if view.path.is_empty():
        return
    unit = Unit(
        view.title,
        view.digits,
        _TICKS,
        between="chance would make it",
        good=kpi.good,
    )
    look.clickable(
        waterfall(view.path, look.palette(), unit=unit),
        alt=waterfall_alt(view.path, unit),
        key=f"path-{data_version()}-{kpi.code}-{by}-{hash((compared, *selection.filters))}",
        on_click=lambda bar: _go_down(by, view.keys, bar),
    )


def _go_down(dimension: str, keys: Sequence[str], bar: int) -> None:
    if bar < len(keys) and keys[bar] not in ("", REST) and dimension in DIMENSION_WORDS:
        address.put({dimension: address.listed([keys[bar]])})


def _draw_grid(selection: Selection, compared: Compared, dimensions: tuple[str, str]) -> None:
    kpi = selection.kpi
    change = decomposed(selection, compared, dimensions)
    view = GridView.of(change, kpi.unit, dimensions, slice_label)
    hidden = f" {view.suppressed} cells of fewer than 30 are not told." if view.suppressed else ""
    unit = "points" if kpi.unit in RATES else "what each added"
    st.caption(md_escape(f"Each cell's part in the change, in {unit}.{hidden}"))
    look.chart(
        heat_map(
            view.grid,
            view.words,
            (view.rows, view.columns),
            look.palette(),
            good=kpi.good,
        ),
        alt=f"{kpi.label} by {dimension_words(dimensions[0])} and {dimension_words(dimensions[1])}",
        key=f"grid-{kpi.code}-{hash(dimensions)}",
    )
