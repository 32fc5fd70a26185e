"""Metrics: what moved, in which slice, since when, and which shops are behind it."""

from __future__ import annotations

from contextlib import suppress

from dashboard.components.boundary import boundary, panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.errors import TableMissing
from dashboard.panels.metrics.alert_cohorts import draw_cohorts
from dashboard.panels.metrics.filters import draw_filters
from dashboard.panels.metrics.merchants import draw_merchants
from dashboard.panels.metrics.trend import draw_metric, metrics_view
from dashboard.panels.metrics.typology_counts import draw_typologies
from dashboard.store import read


def page() -> None:
    """The whole page is one panel: its filters concern all of it."""
    metrics()


@panel
def metrics() -> None:
    """Filters, the metric over time with its slices, and the shops behind it."""
    choices = read("pages/metrics/choices")
    if choices.is_empty():
        reason = needs("orders", otherwise="Build from data with at least one order.")
        empty_state("There are no daily metrics yet.", reason)
        return
    selection = draw_filters(choices)
    draw_metric(metrics_view(selection), selection)
    with boundary():
        draw_merchants(selection)
    with boundary(), suppress(TableMissing):
        draw_typologies(selection)
    with boundary(), suppress(TableMissing):
        draw_cohorts(selection)
