"""What people write is kept without names of buyers: whoever reads, exports or reports it later."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.casebook.subjects import names_in
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import DayNote, NextStep, SeenAlert
from dashboard.cases.states import Verdict
from dashboard.places import DATABASE_VARIABLE
from dashboard.view_models.case_report import report_of
from tests.casebooks import empty_casebook
from tests.dashboard.casebook.drafts import draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANALYST = Viewer("ann", "senior")
TOLD = "We called Mia Tan and สมชาย ใจดี, 0812 3456 7890; model-2 goes live and rose sells"
KEPT = "We called ••••••• and ••••••••••, 0812 3456 7890; model-2 goes live and rose sells"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casebook]:
    """A casebook beside a built file with three buyers of two markets."""
    path = tmp_path / "ringfence.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create schema graph")
        con.execute("""
            create table graph.entities as from (values
                ('buyer', 'Mia Tan', 'SG'), ('buyer', 'สมชาย ใจดี', 'SG'), ('buyer', 'rose', 'SG'),
                ('buyer', 'Model-2 goes', 'ID'), ('creator', 'Model-2 goes', 'ID')
            ) as t (entity_type, name, market)
        """)
    monkeypatch.setenv(DATABASE_VARIABLE, str(path))
    made = Casebook(open_engine(empty_casebook(tmp_path / "casebook.sqlite")), name_lookup=names_in)
    yield made
    made.close()


def test_no_name_is_kept_of_what_somebody_writes(book: Casebook) -> None:
    """Of a decision, a step, a note on a day; the report has no number in it either."""
    made = book.decide(draft(Verdict.CONFIRMED, note=TOLD), viewer=ANALYST)
    assert made.note == KEPT
    alert = SeenAlert("merchant:mer_9", None, None)
    [case] = book.set_aside(
        [alert],
        NextStep(CaseAct.SNOOZE, date(2026, 1, 1), review_on=date(2026, 1, 9), reason=TOLD),
        viewer=ANALYST,
    )
    assert case.reason == KEPT
    day = made.decided_at.date()
    book.write_note(DayNote(day, TOLD), viewer=ANALYST)
    assert [one.text for one in book.notes_between(day, day)] == [KEPT]
    report = repr(report_of(book.case_record(made.decision_id, viewer=ANALYST)))
    assert KEPT.replace("0812 3456 7890", "•" * 14) in report
    assert "0812" not in report


def test_of_other_markets_not_even_a_name_is_told(book: Casebook) -> None:
    """A scoped analyst's words stay as they are where the name is of somebody outside."""
    scoped = Viewer("bea", "senior", frozenset({"ID"}))
    assert names_in(TOLD, scoped.markets) == []
    assert book.decide(draft(Verdict.CONFIRMED, note=TOLD), viewer=scoped).note == TOLD
