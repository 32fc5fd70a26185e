"""Metrics: what moved, in which slice, why, and who is behind it."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from dashboard.components.boundary import boundary, panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.kept_views import KeptViews, draw_views
from dashboard.errors import TableMissing
from dashboard.panels.metrics.alert_cohorts import draw_cohorts
from dashboard.panels.metrics.announced import draw_announced
from dashboard.panels.metrics.brief import draw_brief
from dashboard.panels.metrics.filters import draw_filters
from dashboard.panels.metrics.findings import draw_findings, movements
from dashboard.panels.metrics.notes import notes_of
from dashboard.panels.metrics.reading import can_slice
from dashboard.panels.metrics.selection import SPANS, Selection, selection_of
from dashboard.panels.metrics.tiles import draw_all, draw_tiles
from dashboard.panels.metrics.trend import draw_trend, trend_of
from dashboard.panels.metrics.typology_counts import draw_typologies
from dashboard.panels.metrics.where import draw_where
from dashboard.panels.metrics.who import draw_who
from dashboard.panels.metrics.why import draw_why
from dashboard.store import read
from dashboard.view_models.metric_words import DIMENSION_WORDS

_VIEWS = KeptViews(
    "metrics", "metrics:", ("metric", "split", "by", "across", "vs", *SPANS, *DIMENSION_WORDS)
)


def page() -> None:
    """The whole page is one panel: its filters concern all of it."""
    metrics()


@panel
def metrics() -> None:
    """Where one is, the figures, what moved, then the chosen metric: when, why, where, who."""
    choices = read("pages/metrics/choices")
    if choices.is_empty():
        reason = needs("orders", otherwise="Build from data with at least one order.")
        empty_state("There are no daily metrics yet.", reason)
        return
    selection, problems = selection_of(choices)
    now = selection.compared.now
    moved = tuple(
        one for one in movements(selection, now) if now.since <= one.noticed_on <= now.until
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        draw_filters(selection, problems)
        draw_all(selection)
        draw_views(_VIEWS)
        draw_brief(selection, moved)
    draw_tiles(selection)
    draw_findings(moved, selection)
    with boundary():
        draw_announced(selection)
    if can_slice(selection.kpi, selection):
        _chosen(selection)
    else:
        label = selection.kpi.label
        empty_state(f"{label} is counted by market only.", "Go a step back up to see it.")
    with boundary(), suppress(TableMissing):
        draw_typologies(selection)
    with boundary(), suppress(TableMissing):
        draw_cohorts(selection)


def _chosen(selection: Selection) -> None:
    """The chosen metric: its line, what explains the change, where and who."""
    trend = trend_of(selection)
    compared = trend.figure.compared
    chart, why = st.columns([0.64, 0.36], gap="medium")
    with chart:
        draw_trend(trend, selection, notes_of(selection))
    with why, boundary():
        draw_why(selection, compared)
    with boundary():
        draw_where(selection, compared)
    with boundary():
        draw_who(selection, compared)
