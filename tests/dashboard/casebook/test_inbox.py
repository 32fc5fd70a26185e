"""The inboxes: who finds which case where, what is due first, and counts that agree with lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, update

from dashboard.access import Viewer, roles
from dashboard.casebook import Casebook, steps
from dashboard.casebook.engine import open_engine, writing
from dashboard.casebook.inbox import Box, Slice, boxes_of
from dashboard.casebook.schema import presence
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import NextStep, SeenAlert
from dashboard.cases.states import CaseState, Verdict
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, LEO, draft

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 9, 29)
SOON = datetime(2026, 12, 24)  # noqa: DTZ001 (the casebook's clock is UTC without a zone)
WHY = "Proof of delivery is missing."
SAM = Viewer("sam", "senior")


def alert(number: int, band: str = "HIGH") -> SeenAlert:
    """The alert of merchant `number`."""
    return SeenAlert(f"merchant:mer_{number}", "T1_BRUSHING", band)


def found(book: Casebook, box: Box, who: Viewer) -> list[str]:
    """Ids of the cases of an inbox, in its order; its counts are held against it."""
    every = book.inbox_page(Slice(box, None, 100), viewer=who)
    counts = book.inbox_counts(box, viewer=who)
    assert counts == Counter(case.state for case in every)
    for state, count in counts.items():
        own = book.inbox_page(Slice(box, state, 100), viewer=who)
        assert [case.state for case in own] == [state] * count
    keys = book.inbox_keys(Slice(box, None, 100), viewer=who)
    assert keys == [(case.entity_key, case.state) for case in every]
    return [case.entity_id for case in every]


def test_a_proposal_goes_from_inbox_to_inbox(book: Casebook) -> None:
    """To whoever may approve and did not propose it, back to its proposer, then carried out."""
    book.set_aside([alert(1)], NextStep(CaseAct.CLAIM, TODAY), viewer=ANN)
    assert found(book, Box.MINE, ANN) == ["mer_1"]
    book.decide(draft(Verdict.CONFIRMED), viewer=ANN)
    book.decide(draft(Verdict.CONFIRMED, 2), viewer=LEA)
    assert found(book, Box.MINE, ANN) == []
    assert found(book, Box.APPROVE, LEA) == ["mer_1"]
    assert found(book, Box.APPROVE, Viewer("LEA ", "approver")) == ["mer_1"]
    assert found(book, Box.APPROVE, LEO) == ["mer_1", "mer_2"]
    book.set_aside([alert(1)], NextStep(CaseAct.RETURN, TODAY, reason=WHY), viewer=LEA)
    assert found(book, Box.RETURNED, ANN) == ["mer_1"]
    assert found(book, Box.APPROVE, LEA) == []
    again = replace(draft(Verdict.CONFIRMED), idempotency_key="again")
    book.decide(again, viewer=ANN)
    book.set_aside([alert(1)], NextStep(CaseAct.APPROVE, TODAY), viewer=LEA)
    assert found(book, Box.RETURNED, ANN) == []
    [case] = book.inbox_page(Slice(Box.APPROVE, CaseState.APPROVED, 9), viewer=LEO)
    assert case.entity_id == "mer_1"
    assert found(book, Box.APPROVE, ANN) == ["mer_2"]


def test_a_decision_that_was_taken_back_bars_nobody(book: Casebook) -> None:
    """Lea slips on what Ann proposed, takes it back, and may answer it still; Ann may not."""
    book.decide(draft(Verdict.CONFIRMED), viewer=ANN)
    slip = replace(draft(Verdict.CONFIRMED), idempotency_key="slip")
    book.undo([book.decide(slip, viewer=LEA)], viewer=LEA)
    assert found(book, Box.APPROVE, LEA) == ["mer_1"]
    assert found(book, Box.APPROVE, ANN) == []


def test_what_is_handed_over_is_found_by_both(book: Casebook) -> None:
    """With teams the overdue first; everybody's for whoever may assign, else one's own."""
    for number, days in ((1, 3), (2, 1), (3, 2)):
        who = BOB if number == 3 else ANN
        step = NextStep(
            CaseAct.HAND_OVER, TODAY, who.name, None, WHY, "legal", "desk", SOON + timedelta(days)
        )
        book.set_aside([alert(number)], step, viewer=who)
    assert found(book, Box.TEAMS, ANN) == ["mer_2", "mer_1"]
    assert found(book, Box.TEAMS, SAM) == ["mer_2", "mer_3", "mer_1"]
    ask = NextStep(CaseAct.ASK, TODAY, "ann", None, WHY, due_at=SOON)
    book.set_aside([alert(4)], ask, viewer=ANN)
    assert found(book, Box.ASKED, ANN) == ["mer_4"]
    assert found(book, Box.ASKED, BOB) == []
    book.look("merchant:mer_1", viewer=SAM)
    book.set_aside([alert(5)], NextStep(CaseAct.CLAIM, TODAY), viewer=ANN)
    book.set_aside([alert(5)], NextStep(CaseAct.ASSIGN, TODAY, "sam"), viewer=ANN)
    assert found(book, Box.HANDED, SAM) == ["mer_5"]
    assert found(book, Box.WORK, SAM) == ["mer_5"]
    book.set_aside([alert(5)], NextStep(CaseAct.START, TODAY), viewer=SAM)
    assert found(book, Box.HANDED, SAM) == []
    assert book.open_counts() == {"ann": 3, "bob": 1, "sam": 1}


def test_what_is_due_first_stands_first(book: Casebook) -> None:
    """By severity of equally old ones: the critical within a day, the low in ten."""
    for number, band in enumerate(("LOW", "CRIT", "MED", "HIGH")):
        book.set_aside([alert(number, band)], NextStep(CaseAct.CLAIM, TODAY), viewer=ANN)
    assert found(book, Box.MINE, ANN) == ["mer_1", "mer_3", "mer_2", "mer_0"]
    [second] = book.inbox_page(Slice(Box.MINE, None, 1, 1), viewer=ANN)
    assert second.entity_id == "mer_3"


def test_appeals_are_for_whoever_took_no_part(path: Path) -> None:
    """Not the proposer's to judge."""
    engine = open_engine(f"sqlite:///{path}")
    book = Casebook(engine)
    book.decide(draft(Verdict.CONFIRMED), viewer=SAM)
    with writing(engine) as con:
        for act in (CaseAct.APPROVE, CaseAct.ENFORCE, CaseAct.APPEAL):
            steps.step_on(con, alert(1), NextStep(act, TODAY), LEA, {})
    assert found(book, Box.APPEALS, SAM) == []
    assert found(book, Box.APPEALS, LEO) == ["mer_1"]


@pytest.mark.parametrize("role", sorted(roles()))
def test_a_role_has_the_inboxes_of_its_permissions(role: str) -> None:
    """Nobody is shown a list in which they can do nothing but look, but for what waits outside."""
    who = Viewer("x", role)
    own = set(boxes_of(who))
    assert (Box.APPROVE in own) == who.may("approve")
    assert (Box.MINE in own) == who.may("decide")
    assert (Box.APPEALS in own) == who.may("appeal")
    assert (Box.WORK in own) == who.may("assign")


def test_an_inbox_costs_its_page_and_not_the_book(path: Path) -> None:
    """A book of three hundred cases hands out the rows that are shown, in one question."""
    engine = open_engine(f"sqlite:///{path}")
    book = Casebook(engine)
    book.set_aside([alert(n) for n in range(300)], NextStep(CaseAct.CLAIM, TODAY), viewer=ANN)
    asked: list[str] = []
    event.listen(engine, "after_cursor_execute", lambda *told: asked.append(told[2]))
    assert len(book.inbox_page(Slice(Box.MINE, None, 20, 40), viewer=ANN)) == 20
    [query] = [one for one in asked if one.lower().startswith("select")]
    assert "LIMIT" in query


def test_a_scoped_viewer_reads_no_name_of_other_markets(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the file of people; whoever shares a market, or sees all, is named."""
    listed = [("bob", '["ID"]'), ("lea", '["MY", "ID"]'), ("leo", "")]
    entries = [
        f'[[people]]\nname = "{name}"\nrole = "analyst"\nsign_in = ["{name}"]\n'
        + (f"markets = {markets}\n" if markets else "")
        for name, markets in listed
    ]
    (tmp_path / "people.toml").write_text("\n".join(entries))
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(tmp_path / "people.toml"))
    for name, _ in listed:
        book.look("case:rng_1", viewer=Viewer(name))
    scoped = Viewer("ann", "analyst", frozenset({"MY"}))
    assert book.who_looks("case:rng_1", viewer=scoped) == ["lea", "leo"]
    assert book.who_looks("case:rng_1", viewer=ANN) == ["bob", "lea", "leo"]


def test_who_looks_is_seen_for_five_minutes_and_leaves_no_trail(path: Path) -> None:
    """By the others, not by oneself; looking again is one row."""
    engine = open_engine(f"sqlite:///{path}")
    book, subject = Casebook(engine), "merchant:mer_1"
    before = book.head()
    for _ in range(3):
        book.look(subject, viewer=ANN)
    book.look(subject, viewer=BOB)
    assert book.who_looks(subject, viewer=ANN) == ["bob"]
    assert book.who_looks(subject, viewer=BOB) == ["ann"]
    assert book.who_looks("merchant:mer_2", viewer=ANN) == []
    assert book.head() == before
    with engine.begin() as con:
        assert len(con.execute(select(presence)).all()) == 2
        earlier = presence.c.actor == "bob"
        old = datetime(2026, 1, 1)  # noqa: DTZ001
        con.execute(update(presence).where(earlier).values(seen_at=old))
    assert book.who_looks(subject, viewer=ANN) == []
    book.look("merchant:mer_2", viewer=BOB)
    with engine.begin() as con:
        assert len(con.execute(select(presence)).all()) == 2
