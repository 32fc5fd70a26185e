"""Metrics: what moved, in which slice, since when, and which shops are behind it."""

from __future__ import annotations

from contextlib import suppress

from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.errors import TableMissing
from dashboard.panels.metrics import draw_filters, draw_metric, draw_shops, metrics_view
from dashboard.panels.typology_counts import draw_typologies
from dashboard.store import read


def page() -> None:
    """The whole page is one panel: its filters concern all of it."""
    metrics()


@panel
def metrics() -> None:
    """Filters, the metric over time with its slices, and the shops behind it."""
    choices = read("pages/metrics/choices")
    if choices.is_empty():
        empty_state("There are no daily metrics yet.", "Build from data with at least one order.")
        return
    asked = draw_filters(choices)
    draw_metric(metrics_view(asked), asked.split)
    with boundary():
        draw_shops(asked)
    with boundary(), suppress(TableMissing):
        draw_typologies(asked.period)
