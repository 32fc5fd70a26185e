"""What may be shown to whom for how long, refused where a page cannot get around it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from time import process_time
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer, roles
from dashboard.casebook import Casebook, privacy
from dashboard.casebook.engine import open_engine
from dashboard.cases.privacy import Access, privacy_rules
from dashboard.errors import AccessDenied, CasebookUnavailable, IncompleteDecision, UnknownSubject
from tests.dashboard.casebook.drafts import ANN
from tests.dashboard.casebook.files import edit

if TYPE_CHECKING:
    from pathlib import Path

WHY = "Compare with documents"
BUYER = "buyer:buy_1"
AUDITOR = Viewer("udo", "auditor")
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - the casebook keeps UTC without a zone


def shown(book: Casebook, viewer: Viewer = ANN) -> list[str]:
    """The classes of data that `viewer` may see about the buyer now."""
    return [one.field for one in book.reveals_of(BUYER, viewer=viewer)]


def test_it_is_shown_to_who_asked_until_it_lapses(
    book: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not to another person, not of another class, and not a moment longer."""
    made = book.reveal(BUYER, "device", f"  {WHY}:\n  passport ", viewer=ANN, page="investigate")
    assert made.reason == f"{WHY}: passport"
    assert made.expires_at - made.revealed_at == timedelta(minutes=30)
    assert shown(book) == ["device"]
    assert shown(book, Viewer("bob")) == []
    assert book.reveals_of("buyer:buy_2", viewer=ANN) == []
    later = made.expires_at
    monkeypatch.setattr(privacy, "now", lambda: later - timedelta(seconds=1))
    assert shown(book) == ["device"]
    monkeypatch.setattr(privacy, "now", lambda: later)
    assert shown(book) == []


def test_it_is_sealed_and_logged_first(book: Casebook, path: Path) -> None:
    """One entry of the trail and one of the log; a reason that was changed later is found."""
    book.reveal(BUYER, "name", WHY, viewer=ANN, page="investigate")
    log = book.accesses(LONG_AGO, viewer=AUDITOR)
    assert log.select("actor", "act", "subject", "purpose", "detail").rows() == [
        ("ann", "reveal", BUYER, WHY, "name")
    ]
    assert book.verify() is None
    edit(path, "update reveals set reason = 'Nothing special'")
    assert book.verify() is not None


@pytest.mark.parametrize(
    "reason", ["", " ", "..........", "- - - - - - - - - -", "because", "x" * 501]
)
def test_a_reason_nobody_could_follow_is_none(book: Casebook, reason: str) -> None:
    """Then nothing is shown or written."""
    with pytest.raises(IncompleteDecision):
        book.reveal(BUYER, "device", reason, viewer=ANN, page="investigate")
    with pytest.raises(IncompleteDecision):
        book.reveal(BUYER, "orders", WHY, viewer=ANN, page="investigate")
    assert shown(book) == []
    assert book.accesses(LONG_AGO, viewer=AUDITOR).is_empty()


@pytest.mark.parametrize("role", [*roles(), "root"])
def test_who_may_not_reveal_is_refused(book: Casebook, role: str) -> None:
    """By role; and a role that lost it sees nothing of what it was granted before."""
    who = Viewer("eve", role)
    if not who.may("reveal"):
        with pytest.raises(AccessDenied, match="may not see personal data"):
            book.reveal(BUYER, "device", WHY, viewer=who, page="investigate")
    book.reveal(BUYER, "device", WHY, viewer=Viewer("eve", "senior"), page="investigate")
    if not who.may("view"):
        with pytest.raises(AccessDenied):
            shown(book, who)
        return
    assert shown(book, who) == (["device"] if who.may("reveal") else [])


def test_no_role_sees_everything_unmasked() -> None:
    """What approvers once had is no permission any more."""
    assert not any("unmask" in role.may for role in roles().values())


def test_a_subject_of_another_market_is_a_stranger(path: Path) -> None:
    """In the same words as somebody who is not there."""
    markets = {BUYER: "MY", "buyer:buy_3": "SG"}
    book = Casebook(
        open_engine(f"sqlite:///{path}"), lambda keys: {k: markets[k] for k in keys if k in markets}
    )
    scoped = Viewer("ann", "analyst", frozenset({"MY"}))
    book.reveal(BUYER, "device", WHY, viewer=scoped, page="investigate")
    for key in ("buyer:buy_3", "buyer:nobody"):
        with pytest.raises(UnknownSubject, match="in your markets"):
            book.reveal(key, "device", WHY, viewer=scoped, page="investigate")
    for members in ([BUYER, "buyer:buy_3"], []):
        with pytest.raises(UnknownSubject, match="in your markets"):
            book.reveal("rng_1", "name", WHY, viewer=scoped, page="case", members=members)
    book.reveal("rng_1", "name", WHY, viewer=scoped, page="case", members=[BUYER])
    assert [one.field for one in book.reveals_of("rng_1", viewer=scoped)] == ["name"]
    book.close()


@pytest.mark.parametrize("verb", ["update access_log set actor = 'bob'", "delete from access_log"])
def test_the_log_only_grows(book: Casebook, path: Path, verb: str) -> None:
    """Whoever opens the file with another program is stopped too."""
    book.log_access(Access("view", "investigate", BUYER, "Own case"), viewer=ANN)
    with closing(sqlite3.connect(path)) as con, pytest.raises(sqlite3.IntegrityError):
        con.execute(verb)
    assert len(book.accesses(LONG_AGO, viewer=AUDITOR)) == 1


@pytest.mark.parametrize("role", [*roles()])
def test_who_audits_reads_the_log(book: Casebook, role: str) -> None:
    """Nobody else, and nobody who sees some markets only."""
    for who in (Viewer("x", role), Viewer("x", role, frozenset({"MY"}))):
        if who.may("audit") and not who.markets:
            assert book.accesses(LONG_AGO, viewer=who).is_empty()
        else:
            with pytest.raises(AccessDenied):
                book.accesses(LONG_AGO, viewer=who)


def test_what_somebody_said_is_asked_once(book: Casebook) -> None:
    """A purpose that was chosen holds for the subject, for that person."""
    purpose = privacy_rules().purposes.choices[1]
    assert book.purpose_said(BUYER, viewer=ANN) == ""
    book.log_access(Access("view", "investigate", BUYER, purpose), viewer=ANN)
    book.log_access(Access("view", "investigate", BUYER, "Alert of the queue"), viewer=ANN)
    assert book.purpose_said(BUYER, viewer=ANN) == purpose
    assert book.purpose_said(BUYER, viewer=Viewer("bob")) == ""


def test_a_casebook_that_is_gone_says_so(book: Casebook, path: Path) -> None:
    """A look that cannot be logged is none that passes in silence."""
    path.unlink()
    with pytest.raises(CasebookUnavailable):
        book.log_access(Access("view", "investigate", BUYER), viewer=ANN)


def test_a_look_costs_little(book: Casebook) -> None:
    """Under 5 ms of CPU each, so that no page waits for its log."""
    book.log_access(Access("view", "investigate", BUYER), viewer=ANN)
    start = process_time()
    for number in range(100):
        book.log_access(Access("view", "investigate", f"buyer:buy_{number}"), viewer=ANN)
    assert (process_time() - start) / 100 < 0.005
