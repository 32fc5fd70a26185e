"""Erasure: the texts are nowhere, every count is as it was, and the trail still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DatabaseError

from dashboard.access import Viewer
from dashboard.casebook import Casebook, anchors
from dashboard.casebook.chain import record
from dashboard.casebook.engine import open_engine, reading, writing
from dashboard.casebook.erasing import ERASED
from dashboard.casebook.guards import lifted
from dashboard.casebook.retaining import days
from dashboard.casebook.rows import now
from dashboard.casebook.schema import (
    access_log,
    appeals,
    audit,
    decision_times,
    decisions,
    drafts,
    effects,
    erasures,
    presence,
    reveals,
    snapshots,
)
from dashboard.casebook.trail import examine, place_of
from dashboard.cases.states import Verdict
from dashboard.errors import (
    AccessDenied,
    ErasureRefused,
    IllegalTransition,
)
from queries.vocabulary import NEW_PATTERN
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, draft
from tests.dashboard.casebook.files import edit, write_format_1

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from dashboard.cases.records import Decision

ADA = Viewer("ada", "admin")
SUBJECT = "merchant:mer_1"
SECRET = "Ludmilla Vorobyova of 12 Tanglin Road"


def written(book: Casebook, engine: Engine) -> None:
    """All that people can write about a subject, each with the secret; and another subject."""
    seen = {"entity_key": SUBJECT, "name": SECRET}
    made = book.decide(replace(ADVERSE_DRAFT, note=f"Seen: {SECRET}.", snapshot=seen), viewer=ANN)
    pattern = replace(
        draft(Verdict.CONFIRMED, 1), idempotency_key="again", typology=NEW_PATTERN,
        reason_codes=(f"They are all {SECRET}",), note=f"Again {SECRET}.",
    )  # fmt: skip
    book.decide(pattern, viewer=ANN)
    book.decide(draft(Verdict.CONFIRMED, 2, note="Somebody else entirely."), viewer=ANN)
    book.save_draft(SUBJECT, {"note": SECRET}, viewer=ANN)
    with writing(engine) as con:
        at = now()
        record(con, "appeal", "appeal:1", {
            "appeal_id": "app_1", "decision_id": made.decision_id, "case_id": made.case_id,
            "text": f"I am {SECRET}", "received_on": at.date(), "due_on": at.date(),
            "received_by": "ann", "received_at": at,
        })  # fmt: skip
        record(con, "reveal", SUBJECT, {
            "reveal_id": "rev_1", "subject": SUBJECT, "field": "name",
            "reason": f"To write to {SECRET}", "actor": "ann", "revealed_at": at,
            "expires_at": at,
        })  # fmt: skip
        con.execute(insert(access_log).values(
            log_id="log_1", at=at, actor="ann", role="analyst", act="view", page="investigate",
            subject=SUBJECT, purpose=SECRET, detail=SECRET, row_count=None,
        ))  # fmt: skip


def everything(engine: Engine) -> str:
    """Every row of every table that can hold a text, as one string."""
    tables = (decisions, audit, appeals, effects, reveals, access_log, snapshots, drafts)
    with reading(engine) as con:
        return "\n".join(str(row) for table in tables for row in con.execute(select(table)))


def _bare(one: Decision) -> Decision:
    return replace(one, note="", reason_codes=(), evidence=None)


def test_the_texts_are_gone_and_nothing_else(book: Casebook, engine: Engine, url: str) -> None:
    """From every table and the trail; labels, verdicts and who decided stay, the chain holds."""
    written(book, engine)
    assert SECRET in everything(engine)
    labels, before = book.labels_frame(), book.decisions("merchant", "mer_1")
    made = book.erase(SUBJECT, "Art. 17 GDPR, letter of 1 December", viewer=ADA)
    assert SECRET not in everything(engine)
    assert "Somebody else entirely." in everything(engine)
    assert (made.snapshot_count, made.old_entries) == (1, 0)
    assert book.verify() is None
    assert examine(url).holds
    assert book.labels_frame().equals(labels)
    after = book.decisions("merchant", "mer_1")
    assert [_bare(one) for one in after] == [_bare(one) for one in before]
    codes = [(one.reason_codes, one.evidence) for one in (after[1], before[1])]
    assert codes[0] == codes[1], "what comes from a closed list is no text of people"
    assert {one.note for one in after} == {ERASED}
    assert book.snapshot(before[1].snapshot_id) == {}
    book.decide(replace(draft(Verdict.INCONCLUSIVE, 1), idempotency_key="later"), viewer=ANN)
    assert book.verify() is None


def test_the_bytes_are_gone_from_the_file(book: Casebook, engine: Engine, path: Path) -> None:
    """Also from its log and from pages that are free."""
    written(book, engine)
    book.erase(SUBJECT, "Art. 17 GDPR, letter of 1 December", viewer=ADA)
    with_log = [each for each in path.parent.iterdir() if each.name.startswith(path.name)]
    for each in with_log:
        assert SECRET.encode() not in each.read_bytes()
    book.close()
    assert SECRET.encode() not in path.read_bytes()


def test_what_an_erasure_left_cannot_be_changed(book: Casebook, engine: Engine) -> None:
    """The rest of each entry has a seal in the erasure."""
    written(book, engine)
    book.erase(SUBJECT, "Art. 17 GDPR, letter of 1 December", viewer=ADA)
    with writing(engine) as con, lifted(con, [audit, decisions]):
        changed = {"verdict": "FALSE_POSITIVE"}
        con.execute(update(decisions).where(decisions.c.audit_seq == 3).values(**changed))
        row = con.execute(select(audit.c.after).where(audit.c.seq == 3)).scalar_one()
        forged = row.replace("CONFIRMED", "FALSE_POSITIVE")
        con.execute(update(audit).where(audit.c.seq == 3).values(after=forged))
    broken = book.verify()
    assert broken is not None
    assert broken.seq == 3


def test_an_erasure_without_the_key_is_found(
    book: Casebook, engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the database, not the key, could otherwise change the past and call it erased."""
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", "k" * 40)
    written(book, engine)
    anchors.anchor(place_of(url), "build", book.end())
    monkeypatch.delenv("RINGFENCE_AUDIT_KEY")
    book.erase(SUBJECT, "Art. 17 GDPR, letter of 1 December", viewer=ADA)
    assert book.verify() is None
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", "k" * 40)
    found = examine(url)
    assert not found.holds
    assert "was not signed with the audit key" in found.sentences[0]


def test_what_an_earlier_release_sealed_is_erased_too(path: Path) -> None:
    """Its entries have no salt, and that is said."""
    write_format_1(path)
    engine = open_engine(f"sqlite:///{path}")
    book = Casebook(engine)
    with reading(engine) as con:
        row = con.execute(select(decisions).where(decisions.c.note != "")).mappings().first()
    assert row is not None
    made = book.erase(f"{row['entity_type']}:{row['entity_id']}", "Art. 17 GDPR", viewer=ADA)
    assert made.old_entries
    assert book.verify() is None
    assert row["note"].encode() not in path.read_bytes()
    assert [one.name for one in book.copies_beside()] == ["casebook.sqlite.format-1"]
    engine.dispose()


@pytest.mark.parametrize(
    ("subject", "basis", "said"),
    [(SUBJECT, " ", "needs its basis"), ("merchant:mer_9", "Art. 17", "holds no text")],
)
def test_what_is_not_erased_says_why(
    book: Casebook, engine: Engine, subject: str, basis: str, said: str
) -> None:
    """And nothing is written."""
    written(book, engine)
    before = book.end()
    with pytest.raises(ErasureRefused, match=said):
        book.erase(subject, basis, viewer=ADA)
    assert book.end() == before
    assert SECRET in everything(engine)


def test_a_trail_that_does_not_hold_is_not_erased_from(book: Casebook, path: Path) -> None:
    """An erasure would hide what was changed."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    edit(path, "update audit set actor = 'eve' where seq = 2")
    with pytest.raises(ErasureRefused, match="Entry 2 of the audit trail does not hold"):
        book.erase(SUBJECT, "Art. 17 GDPR", viewer=ADA)


def test_a_legal_hold_is_stronger(book: Casebook, engine: Engine) -> None:
    """Until it is released; both are sealed with their reason."""
    written(book, engine)
    book.hold(SUBJECT, "Court order 12/26", viewer=ADA)
    with pytest.raises(ErasureRefused, match="legal hold"):
        book.erase(SUBJECT, "Art. 17 GDPR", viewer=ADA)
    assert book.release(SUBJECT, "Order lifted", viewer=ADA) == 1
    book.erase(SUBJECT, "Art. 17 GDPR", viewer=ADA)
    assert book.verify() is None
    with pytest.raises(IllegalTransition, match="no legal hold"):
        book.release(SUBJECT, "Order lifted", viewer=ADA)
    with pytest.raises(IllegalTransition, match="needs a reason"):
        book.hold(SUBJECT, " ", viewer=ADA)


def test_only_whoever_may_administer_does(book: Casebook, tmp_path: Path) -> None:
    """Refused in the data layer, whatever a command thinks."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    before = book.end()
    for act in (
        lambda: book.erase(SUBJECT, "Art. 17 GDPR", viewer=ANN),
        lambda: book.hold(SUBJECT, "Court order", viewer=ANN),
        lambda: book.release(SUBJECT, "Court order", viewer=ANN),
        lambda: book.retain(viewer=ANN),
        lambda: book.backup(tmp_path / "b", viewer=ANN),
        lambda: book.restore(tmp_path / "b", viewer=ANN),
    ):
        with pytest.raises(AccessDenied):
            act()
    assert book.end() == before


def test_what_is_old_is_dropped_and_what_is_held_stays(book: Casebook, engine: Engine) -> None:
    """Each table by its own days; the trail says how much, and decisions are never dropped."""
    first = book.decide(ADVERSE_DRAFT, viewer=ANN)
    other = book.decide(draft(Verdict.CONFIRMED, 2), viewer=ANN)
    book.hold(SUBJECT, "Court order 12/26", viewer=ADA)
    for number, subject in enumerate([SUBJECT, "merchant:mer_2"]):
        for is_old in (True, False):
            name = f"{number}{is_old}"
            ages = {one: now() - timedelta(days=kept + 1 if is_old else kept - 1)
                    for one, kept in days().items()}  # fmt: skip
            decision = [first, other][number].decision_id if is_old else name
            with writing(engine) as con:
                con.execute(insert(access_log).values(
                    log_id=name, at=ages["access_log"], actor="ann", role="analyst", act="view",
                    page="case", subject=subject, purpose="", detail="", row_count=None,
                ))  # fmt: skip
                con.execute(insert(decision_times).values(
                    time_id=name, decision_id=decision, act="decide", actor="ann", seconds=1.0,
                    panels="[]", decided_at=ages["decision_times"],
                ))  # fmt: skip
                con.execute(
                    insert(drafts).values(
                        actor=name, subject=subject, content="{}", saved_at=ages["drafts"]
                    )
                )
                con.execute(
                    insert(presence).values(actor=name, subject=subject, seen_at=ages["presence"])
                )
    made = book.retain(viewer=ADA)
    assert made.dropped == dict.fromkeys(days(), 1)
    assert made.held == 4
    with reading(engine) as con:
        for table in (access_log, decision_times, drafts, presence):
            assert con.execute(select(func.count()).select_from(table)).scalar_one() == 3
        assert con.execute(select(func.count()).select_from(decisions)).scalar_one() == 2
        assert con.execute(select(func.count()).select_from(erasures)).scalar_one() == 0
    assert book.verify() is None
    end = book.end()
    assert not any(book.retain(viewer=ADA).dropped.values())
    assert book.end() == end, "where nothing was dropped nothing is said"
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as con:
        con.execute(update(access_log).values(purpose="x"))
