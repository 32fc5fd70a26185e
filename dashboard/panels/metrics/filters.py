"""The parts of the Metrics page: filters, the metric over time, and who is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.trend import split_chart, trend_alt
from dashboard.components import address, look, scope
from dashboard.components.empty_state import show_notes
from dashboard.components.links import go
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.metrics import (
    DEFAULT_DAYS,
    METRICS,
    SPLITS,
    MetricsView,
    Period,
    ShopsView,
    metric_of,
    shop_column,
    slice_label,
)

if TYPE_CHECKING:
    from dashboard.view_models.drift import Metric

DIMENSIONS = {"market": "Markets", "category": "Categories", "channel": "Channels"}
SHOPS_SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """What the address asks for, checked against what the data holds."""

    metric: Metric
    split: str
    period: Period
    slices: dict[str, list[str]]

    def params(self) -> dict[str, Any]:
        """The parameters of the sliced queries."""
        return {
            "since": self.period.since,
            "until": self.period.until,
            "markets": scope.markets(self.slices["market"]),
            "categories": self.slices["category"],
            "channels": self.slices["channel"],
        }


def draw_filters(choices: pl.DataFrame) -> Asked:
    """One row of filters; everything in the address."""
    given = st.query_params
    show_notes(_refused(choices))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=210):
            names = {metric.code: metric.label for metric in METRICS}
            code = address.select("Metric", "metric", names, given.get("metric", ""))
        with st.container(width=116):
            split = address.select("Split by", "split", SPLITS, given.get("split", ""))
        with st.container(width=226):
            period = _period(choices)
        slices = {}
        for dimension, label in DIMENSIONS.items():
            with st.container(width=172):
                options = choices.filter(pl.col("dimension") == dimension)["choice"].to_list()
                value = [part for part in given.get(dimension, "").split(",") if part]
                slices[dimension] = address.choose_many(
                    label, dimension, options, value, words=slice_label
                )
    return Asked(metric_of(code), split, period, slices)


def _refused(choices: pl.DataFrame) -> list[str]:
    """What the page ignores in its link, a sentence each."""
    notes = [
        *address.refused("metric", (metric.code for metric in METRICS)),
        *address.refused("split", SPLITS),
    ]
    for dimension in DIMENSIONS:
        known = choices.filter(pl.col("dimension") == dimension)["choice"].to_list()
        notes += address.refused(dimension, known)
    first, last = _span(choices)
    since, until = _day("since", first), _day("until", last)
    if not first <= since <= until <= last:
        notes.append(f"The link's days are not within {first} to {last}; they were ignored.")
    return notes


def _span(choices: pl.DataFrame) -> tuple[date, date]:
    """First and last day of the data."""
    return min(choices["first_day"].to_list()), max(choices["last_day"].to_list())


def _period(choices: pl.DataFrame) -> Period:
    first, last = _span(choices)
    default = (max(first, last - timedelta(days=DEFAULT_DAYS - 1)), last)
    since, until = _day("since", default[0]), _day("until", default[1])
    if not first <= since <= until <= last:
        since, until = default
    st.session_state["url.days"] = (since, until)
    chosen = st.date_input(
        "Days", min_value=first, max_value=last, key="url.days", on_change=_days_changed
    )
    # While the second end is being chosen there is one day only.
    return Period(*_both(chosen) or (since, until))


def _day(name: str, default: date) -> date:
    try:
        return date.fromisoformat(st.query_params.get(name) or f"{default}")
    except ValueError:
        return date.max


def _days_changed() -> None:
    both = _both(st.session_state["url.days"])
    if both:
        address.put({"since": f"{both[0]}", "until": f"{both[1]}"})


def _both(chosen: Any) -> tuple[date, date] | None:
    ends = tuple(chosen) if isinstance(chosen, tuple | list) else ()
    return (ends[0], ends[-1]) if len(ends) > 1 else None


def metrics_view(asked: Asked) -> MetricsView:
    """Read the metric over time, its slices and the calendar."""
    params = asked.params()
    days = read("pages/metrics/days", **params, split=asked.split)
    slices = read("pages/metrics/slices", **params, split=asked.split)
    return MetricsView.of(asked.metric, (days, slices, _calendar(params)), asked.period)


def _calendar(params: dict[str, Any]) -> pl.DataFrame:
    wanted = {name: params[name] for name in ("since", "until", "markets")}
    try:
        return read("pages/metrics/calendar", **wanted)
    except TableMissing:
        return pl.DataFrame()


def draw_metric(view: MetricsView, split: str) -> None:
    """The sentence, the chart and its table twin."""
    st.markdown(md_escape(view.sentence))
    chart, twin = st.columns([0.66, 0.34], gap="medium")
    with chart:
        total = view.series.group_by("day", maintain_order=True).agg(pl.col("value").sum())
        look.chart(
            split_chart(view.series, look.palette(), unit=view.metric.format, marks=view.marks),
            alt=trend_alt(total if split == "none" else view.series, view.metric.label),
            key=f"metric-{view.metric.code}-{split}",
        )
    with twin:
        unit = {"money": look.MONEY, "percent": look.PERCENT}.get(view.metric.format, look.WHOLE)
        look.table(
            view.slices,
            {
                "slice": look.text_column(SPLITS[split] if split != "none" else "Slice"),
                "now": look.number_column("Now", unit),
                "before": look.number_column("Before", unit, tip="The equal period before"),
                "change": look.number_column("Change", look.PERCENT),
                "share": look.number_column("Of orders", look.PERCENT),
            },
            alt=f"{view.metric.label} by slice, against the period before",
            key=f"slices-{data_version()}-{view.metric.code}-{split}",
            most_rows=10,
        )


def draw_shops(asked: Asked) -> None:
    """The shops that add most to the metric, each a click from its investigation."""
    params = asked.params()
    del params["channels"]
    column = shop_column(asked.metric)
    rows = read("pages/metrics/shops_behind", metric=column, **params, limit=SHOPS_SHOWN)
    view = ShopsView.of(asked.metric, rows)
    st.markdown(f"**Who is behind it** :gray-badge[{md_escape(view.label)}]")
    notes = [view.note] if view.note else []
    if asked.slices["channel"]:
        notes.append("Merchants are not split by channel: this counts all their channels.")
    if notes:
        st.caption(" ".join(md_escape(note) for note in notes))
    key = f"shops-{data_version()}-{hash(view.keys)}-{column}"
    is_money = column == "gmv_usd"
    unit = look.MONEY if is_money else look.WHOLE
    look.table(
        view.table,
        {
            "name": look.text_column("Merchant", width=220),
            "open": look.button_column("", f"{key}-open", _open_shop, (f"{key}-open", view.keys)),
            "market": look.text_column("Market"),
            "category": look.text_column("Category"),
            "amount": look.number_column(view.label, unit),
            "change": look.number_column(f"Against before{', $' * is_money}", "%+,.0f"),
            "share": look.number_column("Share", look.PERCENT),
            **({} if column == "orders" else {"orders": look.number_column("Orders")}),
            "score": look.score_column(),
        },
        alt=f"Merchants behind {asked.metric.label}, largest first",
        key=key,
        most_rows=10,
    )


def _open_shop(key: str, keys: tuple[str, ...]) -> None:
    go("investigate", {"entity": keys[st.session_state[key]["row"]]})
