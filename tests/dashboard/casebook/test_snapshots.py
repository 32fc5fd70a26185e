"""What a decision was taken on: stored once, read again as it was, and found when it changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from time import process_time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dashboard.casebook import snapshots
from dashboard.casebook.engine import reading, writing
from dashboard.cases.states import Verdict
from dashboard.errors import SnapshotMissing
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, draft
from tests.dashboard.casebook.files import edit

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from dashboard.casebook import Casebook

SEEN = {"probability": 0.91, "as_of": date(2026, 1, 1), "signals": [{"code": "S1"}], "name": "Ä"}


def test_what_was_seen_is_read_again(book: Casebook) -> None:
    """As plain values, under the hash of exactly its text."""
    made = book.decide(replace(ADVERSE_DRAFT, snapshot=SEEN, model_version="m1"), viewer=ANN)
    plain = {**SEEN, "as_of": "2026-01-01"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert made.snapshot_id == hashlib.sha256(text.encode()).hexdigest()
    assert book.snapshot(made.snapshot_id) == plain
    assert book.decisions("merchant", "mer_1")[0].model_version == "m1"
    assert book.verify() is None


def test_the_same_is_stored_once(book: Casebook, engine: Engine) -> None:
    """Two decisions on the same evidence, one row; a third on other evidence, two."""
    for number, seen in enumerate([SEEN, dict(reversed(SEEN.items())), {**SEEN, "name": "B"}]):
        book.decide(replace(draft(Verdict.CONFIRMED, number), snapshot=seen), viewer=ANN)
    with reading(engine) as con:
        count = con.execute(select(func.count()).select_from(snapshots.snapshots)).scalar_one()
    assert count == 2


def test_a_number_that_is_none_is_null(book: Casebook) -> None:
    """JSON has no NaN: it is kept as unknown, and the chain holds."""
    seen = {"value": float("nan"), "parts": [{"x": float("inf")}, 1.0]}
    nan = replace(ADVERSE_DRAFT, snapshot=seen, score=float("nan"))
    made = book.decide(nan, viewer=ANN)
    assert made.score is None
    assert book.snapshot(str(made.snapshot_id)) == {"value": None, "parts": [{"x": None}, 1.0]}
    assert book.verify() is None


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("update snapshots set content = replace(content, '0.91', '0.19')", "was changed"),
        ("delete from snapshots", "was removed"),
    ],
)
def test_evidence_that_changed_is_found(
    book: Casebook, path: Path, statement: str, problem: str
) -> None:
    """Behind the casebook's back, with its triggers gone."""
    book.decide(draft(Verdict.FALSE_POSITIVE, 7), viewer=ANN)
    made = book.decide(replace(ADVERSE_DRAFT, snapshot=SEEN), viewer=ANN)
    edit(path, statement)
    broken = book.verify()
    assert broken is not None
    assert (broken.seq, problem in broken.problem) == (made.audit_seq, True)


def test_what_is_not_there_is_said(book: Casebook, engine: Engine) -> None:
    """With a sentence and a remedy."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    with writing(engine) as con, pytest.raises(SnapshotMissing):
        snapshots.read(con, "0" * 64)


def test_a_decision_about_five_hundred_stays_quick(book: Casebook, path: Path) -> None:
    """Each with evidence of its own; in CPU seconds, so that a busy machine does not matter."""
    assert not path.exists() or book.verify() is None
    many = [
        replace(draft(Verdict.CONFIRMED, number), snapshot={**SEEN, "number": number})
        for number in range(500)
    ]
    began = process_time()
    made = book.decide_all(many, viewer=ANN)
    assert process_time() - began < 30.0  # five on a quiet machine, with holds and letters
    assert len({one.snapshot_id for one in made}) == 500
