"""One metric over time, its slices beside it and the calendar below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.trend import DayAxis, split_chart, trend_alt
from dashboard.components import links, look
from dashboard.errors import TableMissing
from dashboard.panels.metrics import sums
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.definitions import DefinitionView, format_of, is_rate
from dashboard.view_models.metrics import SPLITS, MetricsView

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.panels.metrics.filters import Selection
    from queries.registry import Kpi


def metrics_view(selection: Selection) -> MetricsView:
    """Read the metric over time, its slices and the calendar."""
    return MetricsView.of(
        selection.metric,
        selection.period,
        days=sums.days(selection),
        slices=sums.slices(selection),
        calendar=_calendar(selection.params(selection.period)),
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
    draw_definition(view.metric)
    chart, twin = st.columns([0.66, 0.34], gap="medium")
    with chart:
        total = view.series.group_by("day", maintain_order=True).agg(pl.col("value").sum())
        look.chart(
            split_chart(
                view.series,
                look.palette(),
                unit=format_of(view.metric),
                marks=view.marks,
                clock=DayAxis(clocks.axis, view.young_since),
            ),
            alt=trend_alt(total if split == "none" else view.series, view.metric.label),
            key=f"metric-{view.metric.code}-{split}",
        )
    with twin:
        number = _number_column(view.metric)
        look.table(
            view.slices,
            {
                "slice": look.text_column(SPLITS[split] if split != "none" else "Slice"),
                "now": number("Now"),
                "before": number("Before", tip="The equal period before"),
                "change": _change_column(view.metric),
                "share": look.number_column("Share", look.PERCENT, tip="Of what is counted"),
            },
            alt=f"{view.metric.label} by slice, against the period before",
            key=f"slices-{data_version()}-{view.metric.code}-{split}",
            most_rows=10,
        )


def draw_definition(metric: Kpi) -> None:
    """What the metric is, and a way to its SQL; folded away."""
    definition = DefinitionView.of(metric)
    with st.popover("Definition"):
        st.markdown(f"**{md_escape(metric.label)}**")
        st.markdown(md_escape(definition.sentence))
        st.caption(md_escape(definition.rules))
        st.code(metric.sql, language="sql")
        links.page_link("Where its numbers come from", "data", definition.lineage)


def _number_column(metric: Kpi) -> Callable[..., Any]:
    """What makes a column of numbers of a metric's unit."""
    if metric.unit == "usd":
        return look.money_column
    forms = {"rate": look.PERCENT, "count": look.WHOLE, "bps": "%,.0f bps"}
    return partial(look.number_column, form=forms.get(metric.unit, f"%,.1f {metric.unit}"))


def _change_column(metric: Kpi) -> Any:
    """Rates move in points or bps, sums by a share: the unit stands at each number."""
    if metric.unit == "rate":
        return look.number_column("Change", "%+.2f pp", tip="In percentage points")
    if is_rate(metric):
        return look.number_column("Change", f"%+,.1f {metric.unit}")
    return look.number_column("Change", look.PERCENT, tip="Of the period before")
