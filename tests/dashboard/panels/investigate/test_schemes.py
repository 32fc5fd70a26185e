"""Whom signals brought is shown by its signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.view_models.words import signal_features, signal_text
from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import headings, opener, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from pipeline.build import Report

    Open = Callable[..., AppTest]

ALERT = (
    "insert into alerts.alerts select * replace ('alt_9' as alert_id, 'mer_3' as entity_id,"
    " 'signals' as lane, 0.08 as score, 'LOW' as score_band, 0.96 as signal_probability,"
    " 0.96 as probability, 6 as queue_place) from alerts.alerts where alert_id = 'alt_1'"
)
CASE = (
    "insert into cases.members select * replace ('merchant:mer_3' as case_id,"
    " 'mer_3' as entity_id, null as ring_id, null as role, 'alt_9' as alert_id)"
    " from cases.members where alert_id = 'alt_1'"
)
SIGNAL = (
    "insert into scores.signals select * replace ('mer_3' as entity_id) from scores.signals limit 1"
)


@pytest.fixture
def signalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Pages of a database in which signals, not its score, opened the alert of mer_3."""
    path = tiny.write(tmp_path / "signalled.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(ALERT)
        con.execute(CASE)
        con.execute(SIGNAL)
    return opener(tmp_path, tmp_path, monkeypatch, path)


def test_whom_signals_brought_is_shown_by_its_signals(signalled: Callable[..., AppTest]) -> None:
    """Badge and scheme in the head, the signals first, and no talk of a line over it."""
    app = signalled("investigate", {"entity": "merchant:mer_3", "tab": "why"})
    assert not app.exception
    head = next(line.value for line in app.markdown if "By signals" in line.value)
    assert "Brushing" in head
    assert headings(app).index("Known schemes that fit") < headings(app).index("Families")
    assert "nothing holds it" not in plain_words(app)
    assert "Signals brought it here, not the score" in plain_words(app)
    assert "9 of 11 with such signals confirmed" in plain_words(app)
    queue = signalled("queue", {"lane": "signals"})
    assert signal_text("T1_BRUSHING", "T1.R01") in plain_words(queue)


@pytest.mark.parametrize("entity_type", ["merchant", "buyer", "live_session"])
def test_one_click_opens_the_rows_of_all_that_a_signal_reads(
    built: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entity_type: str
) -> None:
    """Each feature of its condition, with rows that give the stored value, named and linked."""
    with duckdb.connect(str(built.database), read_only=True) as con:
        entity_id, typology, code = con.execute(
            "select entity_id, typology, code from scores.signals where entity_type = $1 "
            "order by severity desc, entity_id, code limit 1",
            [entity_type],
        ).fetchall()[0]
    open_page = opener(tmp_path, tmp_path, monkeypatch, built.database)
    who = {"entity": f"{entity_type}:{entity_id}", "tab": "why"}
    page = open_page("investigate", who)
    page.button(key=f"signal.{who['entity']}.{typology}.{code}").click().run()
    assert not page.exception
    lines = [line.value for line in page.caption if "ecomputed from these rows" in line.value]
    assert len(lines) == len(signal_features(entity_type, typology, code))
    assert all("same value" in line for line in lines)
