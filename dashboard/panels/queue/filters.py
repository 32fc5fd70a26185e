"""The queue's filters: one row of widgets, all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.cases.standing import Place
from dashboard.components import address
from dashboard.components.queue_address import STATUSES, status_of
from dashboard.state import LANES, QUEUE_SORTS
from dashboard.view_models import words
from dashboard.view_models.anomaly import LANE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.state import QueueFilters

# A change starts again at the first page, with its first alert marked.
_DROPS = ("page", "alert")


@dataclass(frozen=True)
class _Chooser:
    """One select box: `name` is the parameter and the dimension of the choices."""

    label: str
    name: str
    words: Callable[[str], str]
    width: int


_MARKET = _Chooser("Market", "market", str, 92)
WATCHED = (Place.PROPOSED, Place.MONITORING)
"""Lists of cases: the filters of alerts but the market mean nothing there."""


def draw_filters(filters: QueueFilters, choices: pl.DataFrame, anomalies: int | None) -> None:
    """The filter row.

    `anomalies` counts the unproven lane; None where the build has none.
    """
    if anomalies is not None:
        lane = {"dimension": "lane", "choice": LANE, "alert_count": anomalies}
        choices = pl.concat([choices, pl.DataFrame([lane])], how="vertical_relaxed")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width="content"):
            status = status_of(st.query_params)
            address.segments("Cases", "status", STATUSES, status, drops=_DROPS)
        is_watched = status in WATCHED
        for one in [_MARKET] if is_watched else _choosers(filters):
            with st.container(width=one.width):
                options, value = _options(choices, one), getattr(filters, one.name)
                address.select(one.label, one.name, options, value, drops=_DROPS)
        if is_watched:
            return
        if filters.lane != LANE:
            with st.container(width=148):
                address.select("Order by", "sort", QUEUE_SORTS, filters.sort, drops=_DROPS)
        with st.container(width=118):
            address.search(
                "Search", "search", filters.search, placeholder="Name or id", drops=_DROPS
            )


def _choosers(filters: QueueFilters) -> list[_Chooser]:
    """The choices of the lane that is open; the unproven have no typology and no band."""
    is_anomaly = filters.lane == LANE
    of_alerts = [
        _Chooser("Typology", "typology", words.typology_title, 138),
        _Chooser("Band", "band", _named(theme.BAND_LABELS), 108),
    ]
    return [
        _Chooser("Entity", "entity_type", _named(theme.ENTITY_LABELS), 112),
        _MARKET,
        *([] if is_anomaly else of_alerts),
        _Chooser("Lane", "lane", _named(LANES), 112),
    ]


def _named(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: labels.get(code, code)


def _options(choices: pl.DataFrame, chooser: _Chooser) -> dict[str, str]:
    """Every value that occurs, in words, with its count; "all" first."""
    rows = choices.filter(pl.col("dimension") == chooser.name)
    return {"": "All"} | {
        choice: f"{chooser.words(choice)} ({count:,})"
        for choice, count in rows.select("choice", "alert_count").iter_rows()
    }
