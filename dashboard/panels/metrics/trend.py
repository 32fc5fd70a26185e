"""One metric over time, its slices beside it and the calendar below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.lines import DayAxis
from dashboard.charts.metric import Around, metric_chart
from dashboard.charts.trend import trend_alt
from dashboard.components import look
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.metrics import SPLITS, MetricsView

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.panels.metrics.filters import Selection
    from dashboard.view_models.drift import Metric


def metrics_view(selection: Selection) -> MetricsView:
    """Read the metric over time, its slices and the calendar."""
    params, judged = selection.params(selection.period), selection.params(selection.judged)
    return MetricsView.of(
        selection.metric,
        selection.period,
        days=read("pages/metrics/days", **params, split=selection.split),
        slices=read("pages/metrics/slices", **judged, split=selection.split),
        calendar=_calendar(params),
        judged=selection.judged,
    )


def _calendar(params: dict[str, Any]) -> pl.DataFrame:
    try:
        return read(
            "pages/metrics/calendar",
            **{name: params[name] for name in ("since", "until", "markets")},
        )
    except TableMissing:
        return pl.DataFrame()


def draw_metric(view: MetricsView, selection: Selection) -> None:
    """The sentence, the chart and its table twin."""
    split, clocks = selection.split, selection.clocks
    st.markdown(md_escape(view.sentence))
    st.caption(md_escape(clocks.sentence))
    chart, twin = st.columns([0.66, 0.34], gap="medium")
    with chart:
        total = view.series.group_by("day", maintain_order=True).agg(pl.col("value").sum())
        look.chart(
            metric_chart(
                view.series,
                look.palette(),
                unit=view.metric.format,
                around=Around(view.marks, clock=DayAxis(clocks.axis, view.young_since)),
            ),
            alt=trend_alt(total if split == "none" else view.series, view.metric.label),
            key=f"metric-{view.metric.code}-{split}",
        )
    with twin:
        number = _number_column(view.metric.format)
        look.table(
            view.slices,
            {
                "slice": look.text_column(SPLITS[split] if split != "none" else "Slice"),
                "now": number("Now"),
                "before": number("Before", tip="The equal period before"),
                "change": _change_column(view.metric),
                "share": look.number_column("Of orders", look.PERCENT),
            },
            alt=f"{view.metric.label} by slice, against the period before",
            key=f"slices-{data_version()}-{view.metric.code}-{split}",
            most_rows=10,
        )


def _number_column(form: str) -> Callable[..., Any]:
    """What makes a column of numbers of a metric's format."""
    if form == "money":
        return look.money_column
    return partial(look.number_column, form=look.PERCENT if form == "percent" else look.WHOLE)


def _change_column(metric: Metric) -> Any:
    """Rates move in points, everything else by a share: the unit stands at each number."""
    if metric.is_rate:
        return look.number_column("Change", "%+.2f pp", tip="In percentage points")
    return look.number_column("Change", look.PERCENT, tip="Of the period before")
