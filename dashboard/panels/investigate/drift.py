"""Drift: one metric at a time against the entity's own past and its peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.charts.lines import DayAxis
from dashboard.charts.trend import drift_chart, trend_alt
from dashboard.components import address, look
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.unavailable import known_metrics
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.clocks import Clocks
from dashboard.view_models.drift import METRICS, DriftView, Metric, metric_of

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView

# As far back as a long-term profile reaches.
DAYS = 120
_BANDS = "Bands: the middle half of peers, and two standard deviations around the own mean."


@panel
def drift_panel(entity: EntityRef, head: HeaderView) -> None:
    """Metric picker, one chart, one sentence."""
    known = known_metrics(METRICS[entity.entity_type], entity.entity_type)
    choices = {metric.code: metric.label for metric in known}
    if not choices:
        reason = needs("orders", otherwise="The columns they are counted from were not delivered.")
        empty_state("There are no daily numbers.", reason)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"), st.container(width=260):
        code = address.select("Metric", "measure", choices, st.query_params.get("measure", ""))
    metric = metric_of(entity.entity_type, code)
    name = f"pages/investigate/{entity.entity_type}_days"
    days = read(name, entity_id=entity.entity_id, days=DAYS)
    if days.is_empty():
        reason = needs("orders", otherwise="The build has no day of data yet.")
        empty_state("There are no daily numbers.", reason)
        return
    view = DriftView.of(metric, days, _peers(metric, head), _calendar(head, days))
    st.markdown(md_escape(view.sentence))
    look.chart(
        drift_chart(
            view.days,
            look.palette(),
            unit=metric.format,
            marks=view.marks,
            clock=DayAxis(_clock(head)),
        ),
        alt=trend_alt(view.days, metric.label),
        key=f"drift-{entity.key}-{metric.code}",
    )
    levels = f"{view.recent_label} {view.recent_text} · 28 days before {view.before_text}"
    peers = f"peer median {view.peers_text} ({head.peer_group}, any age)"
    st.caption(md_escape(f"{levels} · {peers}. {_BANDS}"))


def _peers(metric: Metric, head: HeaderView) -> pl.DataFrame:
    try:
        return read(
            "pages/investigate/peer_days",
            entity_type=head.entity_type,
            peer_group=head.peer_group,
            metrics=[metric.code],
            days=DAYS,
        )
    except TableMissing:
        schema = {"day": pl.Date, "p25": pl.Float64, "p50": pl.Float64, "p75": pl.Float64}
        return pl.DataFrame(schema=schema)


def _clock(head: HeaderView) -> str:
    """The title of the axis: whose days these are."""
    rows = read("pages/metrics/clocks", markets=[head.market])
    return Clocks.of(rows).axis if rows.height else ""


def _calendar(head: HeaderView, days: pl.DataFrame) -> pl.DataFrame:
    try:
        return read(
            "pages/metrics/calendar",
            markets=[head.market],
            since=days["day"][0],
            until=days["day"][-1],
        )
    except TableMissing:
        return pl.DataFrame()
