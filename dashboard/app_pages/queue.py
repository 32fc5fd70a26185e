"""Queue: the alerts waiting for an analyst, most money per minute first.

The keyboard does it all: j and k move the mark, o opens it. Enter does not: it would fire
beside any focused button. The mark is an alert id in the address, never a row number, so new
data cannot move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.boundary import panel
from dashboard.components.empty_state import show_notes
from dashboard.components.queue_address import ENDED, is_filtered, query_params, status_of
from dashboard.components.standings import case_standings, note_casebook
from dashboard.components.verdicts import fresh_verdicts
from dashboard.panels.queue.alerts import Apart, draw_alerts
from dashboard.panels.queue.anomaly_lane import draw_lane, lane_of
from dashboard.panels.queue.filters import WATCHED, draw_filters
from dashboard.panels.queue.watch import draw_watched
from dashboard.state import QueueFilters
from dashboard.store import has_table, read
from dashboard.view_models.anomaly import LANE, oddities_said
from dashboard.view_models.queue import (
    Page,
    QueueView,
    ended_count,
    signals_said,
    unexplained,
    with_words,
)
from dashboard.view_models.unscored import EmptyQueue, unscored_sentences

if TYPE_CHECKING:
    import polars as pl


def page() -> None:
    """The whole page is one panel: every click reruns it and nothing around it."""
    queue()


@panel
def queue() -> None:
    """Filters, headline, the marked alert and one page of alerts."""
    filters = QueueFilters.parse(st.query_params)
    note_casebook()
    states, status = case_standings(), status_of(st.query_params)
    choices = read("pages/queue/choices")
    params = query_params(filters, status, states)
    anomalies = lane_of(params)
    anomaly_count = None if anomalies is None else len(anomalies)
    if filters.lane == LANE:
        show_notes(filters.problems)
        draw_filters(filters, choices, anomaly_count)
        draw_lane(anomalies, states)
        return
    if status in WATCHED:
        draw_filters(filters, choices, anomaly_count)
        draw_watched(status, filters)
        return
    alerts = read(
        "pages/queue/open_alerts",
        **params,
        sort=filters.sort,
        limit=filters.size,
        offset=filters.offset,
    )
    view = QueueView.of(
        _in_words(alerts, anomalies),
        read("pages/queue/totals", **params),
        states,
        Page(filters.page, filters.size),
        st.query_params.get("alert", ""),
    )
    show_notes(filters.problems)
    draw_filters(filters, choices, anomaly_count)
    _unscored()
    nobody = EmptyQueue.of(
        is_filtered=is_filtered(st.query_params),
        has_scores=has_table("scores.models") and _has_scores(),
        unproven=anomaly_count or 0,
    )
    apart = Apart(anomaly_count or 0, ended_count(choices), is_ended=filters.lane == ENDED)
    draw_alerts(view, apart, nobody, is_first_visit=not states)


def _in_words(alerts: pl.DataFrame, anomalies: pl.DataFrame | None) -> pl.DataFrame:
    """`alerts` with the words of signals, and what is unusual, where no score is the reason."""
    sentences = {} if anomalies is None else oddities_said(anomalies)
    keys = unexplained(alerts)
    if keys and has_table("scores.signals"):
        sentences |= signals_said(read("pages/queue/signals", keys=keys))
    return with_words(alerts, sentences, _handed_over())


def _handed_over() -> list[str]:
    """Entity types whose scores somebody else made."""
    if not has_table("scores.models"):
        return []
    models = read("pages/model/models").filter(calibrated_on="handed over")
    return models["entity_type"].to_list()


def _unscored() -> None:
    if not has_table("scores.models"):
        return
    rows = read("pages/queue/unscored")
    for sentence in unscored_sentences(rows, fresh_verdicts() if len(rows) else None):
        st.caption(sentence)


def _has_scores() -> bool:
    return bool(read("pages/model/models")["model_version"].is_not_null().any())
