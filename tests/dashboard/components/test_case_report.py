"""The report of a case: from what was kept, the same bytes always, and nothing in it runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.components.case_report import report_html
from dashboard.errors import AccessDenied, IllegalTransition, UnknownSubject
from dashboard.view_models.case_report import report_of
from tests.dashboard import tiny_database
from tests.dashboard.casebook.redress import (
    SEN,
    WHY,
    appealed,
    approved,
    judged,
    scoped_book,
)

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.cases.records import Decision

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
SEEN = {
    "name": HOSTILE,
    "market": "ID",
    "as_of": "2026-06-12",
    "probability": 0.9731,
    "held_usd": 4210.5,
    "model_version": "m-7",
    "facts": {"orders": {"short": 871.0, "long": 120.0, "middle": 95.0, "days": 7}},
    "reasons": [
        {"feature": "fast_review_share_30d", "value": 0.9, "contribution": 2.0, "peer_median": 0.1}
    ],
    "signals": [{"typology": "T1_BRUSHING", "code": HOSTILE, "severity": 0.5}],
}


def report(book: Casebook, made: Decision, until: int | None = None) -> str:
    """The report as a page's text."""
    record = book.case_record(made.decision_id, viewer=SEN, until=until)
    return report_html(report_of(record)).decode()


def whole(book: Casebook) -> Decision:
    """A decision with everything hostile that a person can type, its appeal and its outcome."""
    made = approved(book, note=f"Seen {HOSTILE} on forty orders.", snapshot=SEEN)
    judged(book, appealed(book, made))
    return made


def test_all_that_is_kept_of_a_decision_is_in_its_report(tmp_path: Path) -> None:
    """Subject, who and when, figures, reasons, statement, appeal, outcome, entries and seals."""
    book = scoped_book(tmp_path / "a.sqlite")
    page = report(book, whole(book))
    [decision] = book.decisions("merchant", "mer_1")
    entries = book.history("merchant", "mer_1")
    kept = (
        "mer_1", "Confirmed", "T1_BRUSHING", "T1.R02_INSTANT_PRAISE", "Settlement defer", "ann",
        "lea", "sen", "0.9731", "4,210", "871", "m-7", "Many five-star reviews", WHY, "Overturned",
        "Received", decision.decision_id, f"{decision.snapshot_id}",
        book.redress_of([decision.decision_id])[decision.decision_id].statement.statement_id,
        *(entry.hash for entry in entries), f"{decision.decided_at:%Y-%m-%d %H:%M:%S}",
    )  # fmt: skip
    assert [one for one in kept if one not in page] == []


def test_a_report_holds_no_markup_of_others_and_asks_nobody(tmp_path: Path) -> None:
    """Every hostile text is escaped; no script, no address, no source."""
    book = scoped_book(tmp_path / "a.sqlite")
    page = report(book, whole(book))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 3
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?(http|//)", page)


def test_a_report_is_the_same_bytes_after_a_build_in_another_process_and_zone(
    tmp_path: Path,
) -> None:
    """Another database, other packs, another clock, another seed of hashes."""
    book = scoped_book(tmp_path / "casebook.sqlite")
    made = whole(book)
    first = report_html(report_of(book.case_record(made.decision_id, viewer=SEN)))
    assert report_html(report_of(book.case_record(made.decision_id, viewer=SEN))) == first
    tiny_database.write(tmp_path / "ringfence.duckdb")
    (tmp_path / "packs").mkdir()
    environment = {
        **os.environ,
        "TZ": "Asia/Jakarta",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "7",
        "RINGFENCE_CASEBOOK_URL": f"sqlite:///{tmp_path / 'casebook.sqlite'}",
        "RINGFENCE_DATABASE": f"{tmp_path / 'ringfence.duckdb'}",
        "RINGFENCE_PACKS": f"{tmp_path / 'packs'}",
        "RINGFENCE_USER": "zed",
        "RINGFENCE_ROLE": "senior",
    }
    target = tmp_path / "again.html"
    command = [
        *(sys.executable, "-m", "dashboard.cli", "report", made.decision_id),
        *("--out", f"{target}", "--build", f"{tmp_path}"),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == first


def test_a_report_of_an_earlier_entry_is_that_of_its_day(tmp_path: Path) -> None:
    """What came later, the appeal too, is not in it."""
    book = scoped_book(tmp_path / "a.sqlite")
    made = approved(book, snapshot=SEEN)
    before = book.history("merchant", "mer_1")[-1].seq
    first = report(book, made)
    judged(book, appealed(book, made))
    assert report(book, made, before) == first
    assert "Overturned" not in first
    assert "Overturned" in report(book, made)
    with pytest.raises(IllegalTransition, match="no decision"):
        report(book, made, 1)


def test_only_who_may_take_things_out_and_sees_the_market_gets_a_report(tmp_path: Path) -> None:
    """A viewer may look, not export; a stranger to the market learns nothing."""
    book = scoped_book(tmp_path / "a.sqlite")
    made = approved(book)
    with pytest.raises(AccessDenied):
        book.case_record(made.decision_id, viewer=Viewer("v", "viewer"))
    with pytest.raises(UnknownSubject):
        book.case_record(made.decision_id, viewer=Viewer("a", "analyst", frozenset({"SG"})))


def test_a_decision_without_evidence_still_has_a_report(tmp_path: Path) -> None:
    """It says that nothing was kept."""
    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}"))
    assert "Nothing was kept of what was seen." in report(book, approved(book))
