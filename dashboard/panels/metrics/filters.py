"""The Metrics page's filters: which metric, split how, when and where; all in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, scope
from dashboard.components.empty_state import show_notes
from dashboard.components.unavailable import known_kpis
from dashboard.store import read
from dashboard.view_models.clocks import Clocks
from dashboard.view_models.definitions import metric_of, metrics
from dashboard.view_models.metrics import DEFAULT_DAYS, SPLITS, Period, slice_label

if TYPE_CHECKING:
    from queries.registry import Kpi

DIMENSIONS = {"market": "Markets", "category": "Categories", "channel": "Channels"}


@dataclass(frozen=True)
class Selection:
    """What the address selects, as far as the data hold it."""

    metric: Kpi
    split: str
    period: Period
    slices: dict[str, list[str]]
    clocks: Clocks

    @property
    def judged(self) -> Period:
        """The part of the period that the metric can be judged on."""
        complete = self.clocks.last_whole_day - timedelta(days=self.metric.maturity_days)
        return self.period.up_to(complete)

    def params(self, period: Period) -> dict[str, Any]:
        """The parameters of the sliced queries over a period."""
        return {
            "since": period.since,
            "until": period.until,
            "markets": scope.markets(self.slices["market"]),
            "categories": self.slices["category"],
            "channels": self.slices["channel"],
        }


def draw_filters(choices: pl.DataFrame) -> Selection:
    """One row of filters; everything in the address."""
    params, clocks = st.query_params, _clocks(choices)
    show_notes(_refused(choices, clocks))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=210):
            names = {metric.code: metric.label for metric in known_kpis(metrics())}
            code = address.select("Metric", "metric", names, params.get("metric", ""))
        with st.container(width=116):
            split = address.select("Split by", "split", SPLITS, params.get("split", ""))
        with st.container(width=226):
            period = _period(clocks, metric_of(code).maturity_days)
        slices = {}
        for dimension, label in DIMENSIONS.items():
            with st.container(width=172):
                options = _options(choices, dimension)
                value = address.items(dimension)
                slices[dimension] = address.choose_many(
                    label, dimension, options, value, words=slice_label
                )
    return Selection(metric_of(code), split, period, slices, clocks)


def _clocks(choices: pl.DataFrame) -> Clocks:
    """The clocks of the markets in the link, else of every market."""
    options = _options(choices, "market")
    chosen = [one for one in address.items("market") if one in options]
    return Clocks.of(read("pages/metrics/clocks", markets=chosen))


def _options(choices: pl.DataFrame, dimension: str) -> list[str]:
    return choices.filter(pl.col("dimension") == dimension)["choice"].to_list()


def _refused(choices: pl.DataFrame, clocks: Clocks) -> list[str]:
    """What the page ignores in its link, a sentence each."""
    notes = [
        *address.refused("metric", (metric.code for metric in known_kpis(metrics()))),
        *address.refused("split", SPLITS),
    ]
    for dimension in DIMENSIONS:
        notes += address.refused(dimension, _options(choices, dimension))
    first, last = clocks.first_whole_day, clocks.last_whole_day
    since, until = _day("since", first), _day("until", last)
    if not first <= since <= until <= last:
        notes.append(f"The link's days are not within {first} to {last}; they were ignored.")
    return notes


def _period(clocks: Clocks, maturity_days: int) -> Period:
    """The days of the link, else so many that a month of them can be judged."""
    first, last = clocks.first_whole_day, clocks.last_whole_day
    default = (max(first, last - timedelta(days=DEFAULT_DAYS + maturity_days - 1)), last)
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
