"""What a page would answer about everybody in the queue is short enough to be read."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from dashboard import explainer
from dashboard.state import EntityRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.build import Report

EACH = 25
"""Alerts asked about per entity type: the first in the queue, and what an analyst opens."""
MOST, USUAL = 6, 2


@pytest.fixture
def served(built: Report, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app reads the small marketplace."""
    monkeypatch.setenv("RINGFENCE_DATABASE", str(built.database))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.usefixtures("served")
def test_what_holds_an_alert_above_its_line_is_few_things(con: duckdb.DuckDBPyConnection) -> None:
    """At most six findings, two for most; nine in ten alerts above LOW have an answer."""
    alerts = con.execute(
        "select entity_type, entity_id, as_of, score_band from alerts.alerts where lane = 'score'"
        " qualify row_number() over (partition by entity_type order by queue_place) <= $each",
        {"each": EACH},
    ).fetchall()
    assert len(alerts) > EACH
    given = []
    for kind, name, as_of, band in alerts:
        line = explainer.line_under(band)
        assert line is not None
        flip = explainer.held_by(EntityRef(kind, name), as_of, line)
        if flip is not None:
            given.append(len(flip.steps))
            assert flip.steps[-1].score < line
    assert max(given) <= MOST
    assert median(given) <= USUAL
    assert len(given) >= 0.9 * len(alerts)
