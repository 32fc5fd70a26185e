"""Where a change comes from: slice by slice as a path, and over two dimensions as a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.heat import heat_map
from dashboard.charts.waterfall import Unit, waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.boundary import redraw
from dashboard.components.empty_state import empty_state
from dashboard.components.in_view import in_view
from dashboard.panels.metrics.reading import slices, told_apart
from dashboard.panels.metrics.selection import KEPT_ANSWERS
from dashboard.store import data_version
from dashboard.text import md_escape
from dashboard.view_models.kpi_change import change_of
from dashboard.view_models.measures import RATES
from dashboard.view_models.metric_change import REST, ChangeView, GridView
from dashboard.view_models.metric_words import DIMENSION_WORDS, dimension_words, slice_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import plotly.graph_objects as go

    from dashboard.panels.metrics.selection import Selection
    from dashboard.theme import Palette
    from dashboard.view_models.periods import Compared

_TICKS = 4


def draw_where(selection: Selection, compared: Compared) -> None:
    """One dimension as a path from before to now, two as a grid; a click goes down into a value."""
    told = told_apart(selection)
    open_dimensions = list(told)
    if not open_dimensions:
        empty_state("Everything is narrowed down already.", "Go a step back up to compare slices.")
        return
    beside = "**What makes the difference**"
    st.markdown(beside if selection.against else "**Where it comes from**")
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


def _draw_path(selection: Selection, compared: Compared, by: str) -> None:
    kpi = selection.kpi
    asked = (kpi.code, by, f"{compared}", *selection.compared_slices)
    view, unit, picture = _path(data_version(), asked, look.palette(), selection, compared, by)
    st.caption(md_escape(" ".join([view.sentence, *view.notes])))
    if picture is None:
        return
    alt, shown = waterfall_alt(view.path, unit), hash((compared, *selection.compared_slices))
    key = f"path-{data_version()}-{kpi.code}-{by}-{shown}"
    again = redraw()
    in_view(
        picture,
        lambda: look.clickable(
            picture, alt=alt, key=key, on_click=lambda bar: _go_down(by, view.keys, bar, again)
        ),
        alt=alt,
        place="path",
        shows=kpi.code,
    )


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _path(
    version: str,
    question: tuple[str, ...],
    palette: Palette,
    _selection: Selection,
    _compared: Compared,
    _by: str,
) -> tuple[ChangeView, Unit, go.Figure | None]:
    """The answer for one build, question and mode: whoever asks again waits for nothing."""
    del version, question
    kpi = _selection.kpi
    change = change_of(kpi, slices(kpi, _selection, _compared, [_by]), _compared)
    view = ChangeView.of(change, kpi.unit, names=_by, label=slice_label, sides=_sides(_selection))
    unit = Unit(view.title, view.digits, _TICKS, between="chance would make it", good=kpi.good)
    has_bars = not view.path.is_empty()
    return view, unit, waterfall(view.path, palette, unit=unit) if has_bars else None


def _sides(selection: Selection) -> tuple[str, str] | None:
    return selection.sides if selection.against else None


def _go_down(dimension: str, keys: Sequence[str], bar: int, redraw_all: Callable[[], None]) -> None:
    if bar < len(keys) and keys[bar] not in ("", REST) and dimension in DIMENSION_WORDS:
        address.put({dimension: address.listed([keys[bar]])})
        redraw_all()


def _draw_grid(selection: Selection, compared: Compared, dimensions: tuple[str, str]) -> None:
    kpi = selection.kpi
    asked = (kpi.code, *dimensions, f"{compared}", *selection.compared_slices)
    hidden, picture = _grid(data_version(), asked, look.palette(), selection, compared, dimensions)
    few = f" {hidden} cells of fewer than 30 are not told." if hidden else ""
    unit = "points" if kpi.unit in RATES else "what each added"
    what = "difference" if selection.against else "change"
    st.caption(md_escape(f"Each cell's part in the {what}, in {unit}.{few}"))
    alt = f"{kpi.label} by {dimension_words(dimensions[0])} and {dimension_words(dimensions[1])}"
    key = f"grid-{kpi.code}-{hash((dimensions, *selection.compared_slices))}"
    in_view(
        picture,
        lambda: look.chart(picture, alt=alt, key=key),
        alt=alt,
        place="grid",
        shows=kpi.code,
    )


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _grid(
    version: str,
    question: tuple[str, ...],
    palette: Palette,
    _selection: Selection,
    _compared: Compared,
    _dimensions: tuple[str, str],
) -> tuple[int, go.Figure]:
    """How many cells are of too few, and the picture."""
    del version, question
    kpi = _selection.kpi
    change = change_of(kpi, slices(kpi, _selection, _compared, _dimensions), _compared)
    view = GridView.of(change, kpi.unit, _dimensions, slice_label)
    cells = (view.rows, view.columns)
    return view.suppressed, heat_map(view.grid, view.words, cells, palette, good=kpi.good)
