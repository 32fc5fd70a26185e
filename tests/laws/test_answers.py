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
def test_what_holds_an_alert_above_its_threshold_is_little(con: duckdb.DuckDBPyConnection) -> None:
    """At most six findings, two for most; nine in ten alerts above LOW have an answer."""
    alerts = con.execute(
        "select a.entity_type, a.entity_id, a.as_of, p.model_band from alerts.alerts as a"
        " join alerts.probabilities as p using (entity_type, entity_id) where a.lane = 'score'"
        " qualify row_number() over (partition by entity_type order by queue_place) <= $each",
        {"each": EACH},
    ).fetchall()
    assert len(alerts) > EACH
    lengths = []
    for entity_type, entity_id, as_of, band in alerts:
        threshold = explainer.band_threshold(band)
        assert threshold is not None
        flip = explainer.held_by(EntityRef(entity_type, entity_id), as_of, threshold)
        if flip is not None:
            lengths.append(len(flip.steps))
            assert flip.steps[-1].score < threshold
    assert max(lengths) <= MOST
    assert median(lengths) <= USUAL
    assert len(lengths) >= 0.9 * len(alerts)
