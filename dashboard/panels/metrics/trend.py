"""The chosen metric over time: a drag over its days compares them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.lines import DayAxis, nearest_day
from dashboard.charts.metric import NO_BAND, NO_MOVEMENTS, Around, metric_chart
from dashboard.charts.trend import trend_alt
from dashboard.components import address, look
from dashboard.components.choices import one_of
from dashboard.errors import TableMissing
from dashboard.panels.metrics.definition import draw_definition
from dashboard.panels.metrics.filters import choose_days
from dashboard.panels.metrics.findings import stand_outs
from dashboard.panels.metrics.notes import draw_notes, marks_of_notes
from dashboard.panels.metrics.reading import complete_until, series
from dashboard.panels.metrics.selection import KEPT_ANSWERS
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.calendar import CalendarMark, marks_of
from dashboard.view_models.kpi_tiles import Figure, figure_of
from dashboard.view_models.metric_series import beside_sentence, few_note, sentence_of, young_note
from dashboard.view_models.metric_words import DIMENSION_WORDS, slice_label
from dashboard.view_models.periods import Period
from dashboard.view_models.weekly import weekly_note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import plotly.graph_objects as go

    from dashboard.cases.records import DayNote
    from dashboard.panels.metrics.selection import Selection
    from dashboard.theme import Palette

_BRUSH = {"now": "Drag: these days", "before": "Drag: the days before"}
_DRAG = "metrics.brush"


@dataclass(frozen=True)
class Trend:
    """The rows of the chosen metric, the last day on which it is complete, and its figure."""

    rows: pl.DataFrame
    complete_until: date
    figure: Figure
    beside: pl.DataFrame | None = None
    """The rows of the slice that is compared with."""


def trend_of(selection: Selection) -> Trend:
    """Read the chosen metric without its split."""
    kpi = selection.kpi
    rows = series(kpi, selection)
    complete = complete_until(rows, selection)
    beside = None if selection.other is None else series(kpi, selection.other)
    figure = figure_of(kpi, rows, selection.compared, complete, beside)
    return Trend(rows, complete, figure, beside)


def draw_trend(trend: Trend, selection: Selection, notes: Sequence[DayNote]) -> None:
    """The sentence, the line or lines, and what a drag over them chooses."""
    said = beside_sentence(trend.figure, selection.sides) if selection.against else None
    st.markdown(md_escape(said or sentence_of(trend.figure)))
    asked = (selection.kpi.code, selection.split, *selection.compared_slices)
    marks = tuple(marks_of_notes(notes))
    figure, alt = _picture(data_version(), asked, look.palette(), marks, selection, trend)
    _brushed(figure, selection, alt)
    _under(trend, selection, notes)


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _picture(
    version: str,
    question: tuple[str, ...],
    palette: Palette,
    notes: tuple[CalendarMark, ...],
    _selection: Selection,
    _trend: Trend,
) -> tuple[go.Figure, str]:
    """The chart of one build, question, mode and notes, and its sentence."""
    del version, question
    kpi, compared = _selection.kpi, _trend.figure.compared
    is_one = not _selection.split and _trend.beside is None
    drawn, days = _lines(_trend, _selection), _trend.rows["day"].to_list()
    young = min((day for day in days if day > _trend.complete_until), default=None)
    around = Around(
        marks=[*_calendar(_selection), *notes],
        expected=_band(_selection) if is_one else NO_BAND,
        movements=_stand_outs(_selection, _trend.rows) if is_one else NO_MOVEMENTS,
        now=(compared.now.since, compared.now.until),
        before=None if _selection.against else (compared.before.since, compared.before.until),
        clock=DayAxis(_selection.clocks.axis, young),
    )
    figure = metric_chart(drawn, palette, unit=_chart_unit(kpi.unit), around=around)
    return figure, trend_alt(drawn, kpi.label)


def _lines(trend: Trend, selection: Selection) -> pl.DataFrame:
    """One line, one of each slice compared, or one of each value of the split."""
    kpi = selection.kpi
    if trend.beside is not None:
        both = zip((trend.rows, trend.beside), selection.sides, strict=True)
        named = [rows.with_columns(slice=pl.lit(side)) for rows, side in both]
        return pl.concat([rows.select("day", "slice", "value") for rows in named])
    rows = series(kpi, selection, selection.split) if selection.split else trend.rows
    drawn = rows.select("day", "slice", "value")
    names = {value: slice_label(value) for value in drawn["slice"].unique() if value != "all"}
    return drawn.with_columns(pl.col("slice").replace({**names, "all": kpi.label}))


def _chart_unit(unit: str) -> str:
    """The unit as charts know it."""
    return {"usd": "money", "rate": "percent", "bps": "percent"}.get(unit, unit)


def _under(trend: Trend, selection: Selection, notes: Sequence[DayNote]) -> None:
    """How the line is split, what a drag chooses, what it is, and whose days these are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=170):
            splits = {"": "One line", **DIMENSION_WORDS}
            address.select("Split by", "split", splits, selection.split, is_bare=True)
        with st.container(width="content"):
            st.session_state.setdefault(_DRAG, "now")
            one_of("A drag over the chart chooses", _BRUSH, key=_DRAG, is_bare=True)
        draw_definition(selection.kpi)
        draw_notes(selection, notes)
    young = young_note(trend.figure, trend.complete_until)
    few = few_note(selection.kpi, trend.rows)
    week = weekly_note(selection.kpi, trend.rows)
    said = (selection.clocks.sentence, young, week, few)
    st.caption(md_escape(" ".join(part for part in said if part)))


def _brushed(figure: Any, selection: Selection, alt: str) -> None:
    compared = selection.compared
    shown = hash((compared, selection.split, *selection.compared_slices))
    key = f"metric-{data_version()}-{selection.kpi.code}-{shown}"

    def selected() -> None:
        chosen = st.session_state[key]["selection"]
        spans = [box["x"] for box in chosen.get("box", []) if box.get("x")]
        if spans:
            days = [nearest_day(str(x)) for x in spans[0]]
            which = str(st.session_state.get(_DRAG) or "now")
            choose_days(which, _within(Period(min(days), max(days)), selection))

    look.brushable(figure, alt=alt, key=key, on_brush=selected)


def _within(period: Period, selection: Selection) -> Period:
    first, last = selection.clocks.first_whole_day, selection.clocks.last_whole_day
    return Period(max(period.since, first), min(period.until, last))


def _calendar(selection: Selection) -> tuple[CalendarMark, ...]:
    span = {"since": selection.shown.since, "until": selection.shown.until}
    with suppress(TableMissing):
        return marks_of(read("pages/metrics/calendar", **span, markets=selection.markets))
    return ()


def _band(selection: Selection) -> pl.DataFrame:
    """What was to be expected of the metric on each day, of the whole or of one value."""
    where = _one_value(selection)
    if where is None or not has_table("noticing.bands"):
        return NO_BAND
    rows = read(
        "pages/metrics/band",
        kpi=selection.kpi.code,
        dimension_a=where[0],
        value_a=where[1],
        since=selection.shown.since,
        until=selection.shown.until,
    )
    return rows.select("day", "low", "high")


def _one_value(selection: Selection) -> tuple[str, str] | None:
    """Nothing or one value of one dimension: bands are kept for these."""
    if not selection.slices and not selection.markets:
        return "", ""
    values = [*selection.slices.items()]
    if len(values) == 1 and len(values[0][1]) == 1:
        return values[0][0], values[0][1][0]
    return None


def _stand_outs(selection: Selection, rows: pl.DataFrame) -> pl.DataFrame:
    """The movements of this metric in exactly this slice, each on its first day."""
    own = stand_outs(selection, selection.shown)
    values = dict(rows.select("day", "value").iter_rows())
    days = [one.first_day for one in own]
    return pl.DataFrame(
        {
            "day": days,
            "value": [values.get(day) for day in days],
            "text": [one.sentence for one in own],
            "tone": [one.tone for one in own],
        },
        schema=NO_MOVEMENTS.schema,
    )
