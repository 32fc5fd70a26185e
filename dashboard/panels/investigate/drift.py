"""Drift: every key metric against the entity's own past and its peers, and since when it changed.

All of them at once on one sheet, because one asks where to look; a click opens the day in its rows,
a drag over the large picture holds days against those before.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.base import CONFIG
from dashboard.charts.lines import DayAxis, nearest_day
from dashboard.charts.metric import Around
from dashboard.charts.small_multiples import LINE, multiples_alt, small_multiples
from dashboard.charts.trend import drift_chart, trend_alt
from dashboard.components import address, look
from dashboard.components.board import board
from dashboard.components.boundary import panel, redraw
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.in_view import in_view
from dashboard.components.unavailable import known_metrics
from dashboard.errors import TableMissing
from dashboard.panels.investigate.facts import days_of, rows_behind
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.clocks import Clocks
from dashboard.view_models.drift import METRICS, DriftView, Metric
from dashboard.view_models.drift_panels import (
    DriftPanel,
    change_sentence,
    events_by_day,
    panels_of,
    season_of,
    span_sentence,
)
from dashboard.view_models.subject_facts import SHOWN_DAYS
from queries.registry import LEAST_N

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView

KEPT_ANSWERS = 64
SPAN = ("day_from", "day_to")
_NO_PEERS = pl.DataFrame(
    schema={"metric": pl.String, "day": pl.Date} | dict.fromkeys(("p10", "p50", "p90"), pl.Float64)
)
_NO_SEASON = pl.DataFrame(schema={"day": pl.Date, "factor": pl.Float64})
_BANDS = (
    "Bands: eight in ten of the peers that were active on the day, and two standard deviations "
    "around the own mean. A dashed line: a new level begins."
)


@panel
def drift_panel(entity: EntityRef, head: HeaderView) -> None:
    """The sheet of all metrics, then the chosen one with its calendar, changes and rows."""
    known = known_metrics(METRICS[entity.entity_type], entity.entity_type)
    days = days_of(entity)
    if not known or days.is_empty():
        reason = needs("orders", otherwise="The build has no day of data yet.")
        empty_state("There are no daily numbers.", reason)
        return
    codes = tuple(metric.code for metric in known)
    panels, calendar = _panels(data_version(), entity, head.market, head.peer_group, codes, days)
    asked = st.query_params.get("measure", "")
    first = next((one for one in panels if one.changes), panels[0])
    chosen = next((one for one in panels if one.metric.code == asked), first)
    _sheet(entity, panels, chosen.metric.code)
    _one(entity, head, chosen, days, calendar)


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _panels(
    version: str,
    entity: EntityRef,
    market: str,
    peer_group: str,
    codes: tuple[str, ...],
    _days: pl.DataFrame,
) -> tuple[tuple[DriftPanel, ...], pl.DataFrame]:
    """Every metric with its changes, and the calendar, of one build."""
    del version  # the cache key, with whose days they are
    metrics = [one for one in METRICS[entity.entity_type] if one.code in codes]
    peers = _optional(
        "pages/investigate/peer_days",
        _NO_PEERS,
        entity_type=entity.entity_type,
        peer_group=peer_group,
        metrics=list(codes),
        days=SHOWN_DAYS,
    )
    span = {"since": _days["day"][0], "until": _days["day"][-1]}
    calendar = _optional("pages/metrics/calendar", pl.DataFrame(), markets=[market], **span)
    return panels_of(metrics, _days, peers, _season(market, span)), calendar


def _season(market: str, span: dict[str, date]) -> pl.DataFrame:
    """What all shops of the market had on each day over their usual."""
    if not has_table("kpis.orders"):
        return _NO_SEASON
    rows = read(
        "pages/metrics/series",
        kpi="orders",
        dimension_a="market",
        dimension_b="",
        markets=[market],
        maturity_days=0,
        labels=False,
        least_n=LEAST_N,
        **span,
    )
    return season_of(rows.filter(pl.col("value_a") == market).select("day", "value"))


def _optional(name: str, otherwise: pl.DataFrame, **params: Any) -> pl.DataFrame:
    try:
        return read(name, **params)
    except TableMissing:
        return otherwise


def _sheet(entity: EntityRef, panels: Sequence[DriftPanel], chosen: str) -> None:
    """All metrics; a click on a day opens it."""
    key = f"drift-sheet-{data_version()}-{entity.key}-{chosen}"
    figure = small_multiples(panels, look.palette(), chosen)

    def clicked() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            owner = _owner(figure, int(points[0]["curve_number"]))
            if owner is not None:
                day = str(points[0]["x"])[:10]
                address.put({"measure": panels[owner].metric.code, SPAN[0]: day, SPAN[1]: day})

    st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        alt=multiples_alt(panels),
        key=key,
        on_select=clicked,
        selection_mode="points",
    )


def _owner(figure: Any, curve: int) -> int | None:
    """Which picture the line with this number is of."""
    traces = figure.to_dict()["data"]
    if curve >= len(traces) or traces[curve].get("name") != LINE:
        return None
    return len([trace for trace in traces[:curve] if trace.get("name") == LINE])


def _one(
    entity: EntityRef,
    head: HeaderView,
    chosen: DriftPanel,
    days: pl.DataFrame,
    calendar: pl.DataFrame,
) -> None:
    """The chosen metric, large: what changed, and what a drag or a click chose."""
    metric = chosen.metric
    view = DriftView.of(metric, days, chosen.days.drop("value"), calendar)
    events = events_by_day(view.marks)
    st.markdown(f"{md_escape(view.sentence)} {md_escape(change_sentence(chosen, events))}")
    span = _span(days)
    key = f"drift-{data_version()}-{entity.key}-{metric.code}-{span}"

    again = redraw()

    def brushed() -> None:
        boxes = st.session_state[key]["selection"].get("box", [])
        ends = [box["x"] for box in boxes if box.get("x")]
        if ends:
            _choose([str(one) for one in ends[0]], days)
            again()

    around = Around(
        marks=view.marks,
        now=span,
        clock=DayAxis(_clock(head)),
        changes=[one.day for one in chosen.changes],
    )
    figure = drift_chart(view.days, look.palette(), unit=metric.format, around=around)
    alt = trend_alt(view.days, metric.label)
    in_view(
        figure,
        lambda: look.brushable(figure, alt=alt, key=key, on_brush=brushed),
        alt=alt,
        place="drift",
        shows=entity.key,
    )
    st.caption(f"{_BANDS} Drag over days to compare them with those before.")
    if span is not None:
        _chosen_days(entity, metric, days, span)


def _chosen_days(
    entity: EntityRef, metric: Metric, days: pl.DataFrame, span: tuple[date, date]
) -> None:
    """The level of the days chosen beside as many before, and the rows behind it."""
    said, way = st.columns([0.86, 0.14], vertical_alignment="center")
    said.markdown(f"**{md_escape(span_sentence(metric, days, *span))}**")
    with way:
        nothing = address.setter(**dict.fromkeys(SPAN, ""))
        st.button("Clear", type="tertiary", key="drift.clear", on_click=nothing)
    if not metric.event or not has_table("metrics.order_events"):
        return
    board([rows_behind(entity, metric, span, [entity.key])], key="drift.rows")


def _span(days: pl.DataFrame) -> tuple[date, date] | None:
    """The days of the address, within those that are shown."""
    try:
        since, until = (date.fromisoformat(st.query_params.get(name, "")) for name in SPAN)
    except ValueError:
        return None
    first, last = days["day"][0], days["day"][-1]
    return (since, until) if first <= since <= until <= last else None


def _choose(ends: list[str], days: pl.DataFrame) -> None:
    """Write the days nearest to both ends of a drag into the address."""
    first, last = days["day"][0], days["day"][-1]
    since, until = (min(max(nearest_day(one), first), last) for one in sorted(ends))
    address.put({SPAN[0]: f"{since}", SPAN[1]: f"{until}"})


def _clock(head: HeaderView) -> str:
    """The title of the axis: whose days these are."""
    rows = read("pages/metrics/clocks", markets=[head.market])
    return Clocks.of(rows).axis if rows.height else ""
