"""Queue: the cases waiting for an analyst, most money per minute first.

The keyboard does it all: j and k move the mark, o opens it. Enter does not: it would fire
beside any focused button. The mark is a case's id in the address, never a row number, so new
data cannot move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.assignments import case_titles
from dashboard.components.boundary import panel
from dashboard.components.capacity import minutes_of_day
from dashboard.components.empty_state import show_notes
from dashboard.components.newcomer import is_newcomer
from dashboard.components.queue_address import ENDED, MARK, is_filtered, query_params, status_of
from dashboard.components.standings import case_standings, note_casebook
from dashboard.components.verdicts import fresh_verdicts
from dashboard.components.waiting import waiting
from dashboard.panels.queue.anomaly_lane import draw_lane, lane_of
from dashboard.panels.queue.cases import Apart, draw_cases, draw_day
from dashboard.panels.queue.filters import draw_filters
from dashboard.panels.queue.live import draw_live
from dashboard.panels.queue.videos import draw_videos
from dashboard.panels.queue.watch import draw_watched
from dashboard.state import QueueFilters
from dashboard.store import build, has_table, read
from dashboard.text import plain
from dashboard.view_models.anomaly import LANE, oddities_said
from dashboard.view_models.queue import Page, QueueView, ring_titles
from dashboard.view_models.queue_filters import LEAST_DAYS, LEAST_USD, counts_of
from dashboard.view_models.today import Today
from dashboard.view_models.unscored import EmptyQueue, unscored_sentences
from dashboard.view_models.watch import WATCHED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import polars as pl


def page() -> None:
    """The whole page is one panel: every click reruns it and nothing around it."""
    queue()


@panel
def queue() -> None:
    """Filters, the day in a line, one page of cases and the marked one."""
    filters = QueueFilters.parse(st.query_params)
    note_casebook()
    show_notes(filters.problems)
    states, status = case_standings(), status_of(st.query_params)
    params = query_params(filters, status, states)
    counts = counts_of(_choices(params))
    if status in WATCHED:
        draw_filters(filters, counts)
        draw_watched(status, filters)
        return
    anomalies = lane_of(params)
    if filters.lane == LANE:
        draw_filters(filters, counts)
        draw_lane(anomalies, states)
        return
    cases = _cases(params, filters)
    view = _view(cases, filters, anomalies)
    today = Today.of(cases, states, build().as_of, minutes_of_day())
    draw_day(today, is_first_visit=is_newcomer())
    draw_live()
    draw_filters(filters, counts)
    apart = Apart(
        0 if anomalies is None else len(anomalies),
        counts.get(("ended", "ended"), 0),
        is_ended=filters.lane == ENDED,
    )
    nobody = EmptyQueue.of(
        is_filtered=is_filtered(st.query_params),
        has_scores=has_table("scores.models") and _has_scores(),
        unproven=apart.unproven,
    )
    draw_cases(view, apart, nobody)
    draw_videos()
    _unscored()


def _choices(params: Mapping[str, Any]) -> pl.DataFrame:
    steps = {"day_steps": list(LEAST_DAYS), "usd_steps": list(LEAST_USD)}
    return read("pages/queue/choices", **params, **steps)


def _cases(params: Mapping[str, Any], filters: QueueFilters) -> pl.DataFrame:
    """The page's cases, and one before and after: j and k go on over its borders."""
    before = min(filters.offset, 1)
    return read(
        "pages/queue/open_cases",
        **params,
        sort=filters.sort,
        limit=filters.size + before + 1,
        offset=filters.offset - before,
    )


def _view(cases: pl.DataFrame, filters: QueueFilters, anomalies: pl.DataFrame | None) -> QueueView:
    first = [keys[0] for keys in cases["member_keys"]]
    oddities = {} if anomalies is None else oddities_said(anomalies)
    is_of_day = filters.sort == "priority" and filters.lane != ENDED
    return QueueView.of(
        cases,
        _titles(cases["case_id"].to_list()),
        waiting(first, oddities) if first else {},
        Page(filters.page, filters.size),
        st.query_params.get(MARK, ""),
        minutes_of_day() if is_of_day else None,
    )


def _titles(case_ids: list[str]) -> dict[str, str]:
    """Names of the cases that are no subject's own."""
    rings = sorted(case_id for case_id in case_ids if case_id.startswith("rng_"))
    named = ring_titles(read("pages/queue/ring_titles", ring_ids=rings)) if rings else {}
    return named | {case_id: plain(title) for case_id, title in case_titles().items()}


def _unscored() -> None:
    if not has_table("scores.models"):
        return
    rows = read("pages/queue/unscored")
    for sentence in unscored_sentences(rows, fresh_verdicts() if len(rows) else None):
        st.caption(sentence)


def _has_scores() -> bool:
    return bool(read("pages/model/models")["model_version"].is_not_null().any())
