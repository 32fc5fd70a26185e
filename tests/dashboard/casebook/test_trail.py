"""The whole trail, from outside: what no look inside the casebook finds is found by its anchors."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from dashboard.access import Viewer
from dashboard.casebook import Casebook, anchors
from dashboard.casebook.chain import canonical, digest, end
from dashboard.casebook.engine import open_engine, writing
from dashboard.casebook.guards import lifted
from dashboard.casebook.schema import audit, cases, chain, decisions, metadata
from dashboard.casebook.trail import RESTORE, examine, export, place_of
from dashboard.casebook.verifying import first_broken
from dashboard.cases.records import AuditEntry
from dashboard.cases.states import Verdict
from dashboard.errors import AnchorsBroken, CasebookUnavailable, KeyUnusable
from tests.dashboard.casebook.drafts import ANN, draft

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

ADA = Viewer("ada", "admin")
KEY = "k" * 40


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The key of the house, in the environment."""
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", KEY)
    return KEY.encode()


def decided(book: Casebook, first: int, last: int) -> None:
    """Decisions about merchants of these numbers."""
    for number in range(first, last):
        book.decide(draft(Verdict.INCONCLUSIVE, number), viewer=ANN)


def anchored(book: Casebook, url: str, cause: str = "build") -> None:
    """The end of the trail, written down outside."""
    anchors.anchor(place_of(url), cause, book.end())


def reseal(con: Connection) -> None:
    """What whoever holds the database can do: change the first decision, seal all anew."""
    tables = [audit, decisions]
    with lifted(con, tables):
        con.execute(update(decisions).where(decisions.c.audit_seq == 3).values(note="Nothing."))
        row = con.execute(select(decisions).where(decisions.c.audit_seq == 3)).mappings().one()
        con.execute(update(audit).where(audit.c.seq == 3).values(after=canonical(dict(row))))
        previous = "0" * 64
        for entry in con.execute(select(audit).order_by(audit.c.seq)).mappings().all():
            bare = AuditEntry(**{**entry, "previous_hash": previous})
            previous = digest(bare)
            values = {"previous_hash": bare.previous_hash, "hash": previous}
            con.execute(update(audit).where(audit.c.seq == bare.seq).values(**values))
    con.execute(update(chain).values(hash=previous))


def cut_off(con: Connection) -> None:
    """The last case as if it had never been, with the head moved back."""
    with lifted(con, [audit, decisions]):
        last = con.execute(select(cases.c.case_id).order_by(cases.c.opened_at.desc())).scalars()
        case = next(iter(last))
        con.execute(delete(decisions).where(decisions.c.case_id == case))
        con.execute(delete(audit).where(audit.c.subject == f"case:{case}"))
    con.execute(delete(cases).where(cases.c.case_id == case))
    seq, seal = con.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc())).first()
    con.execute(update(chain).values(seq=seq, hash=seal))


@pytest.mark.parametrize(("attack", "said"), [(reseal, "sealed anew"), (cut_off, "cut off")])
def test_what_the_inside_cannot_tell_is_found(
    book: Casebook, engine: Engine, url: str, key: bytes, attack: object, said: str
) -> None:
    """A trail that was sealed anew or cut off holds in itself, and not against its anchors."""
    assert key
    decided(book, 0, 3)
    anchored(book, url)
    assert examine(url).holds
    with writing(engine) as con:
        attack(con)  # type: ignore[operator]
        assert first_broken(con) is None, "the attack is one that the inside does not show"
    found = examine(url)
    assert not found.holds
    assert said in found.sentences[0]


def test_swapped_entries_are_found(book: Casebook, engine: Engine, url: str) -> None:
    """Two entries in each other's place, with every seal as it was."""
    decided(book, 0, 3)
    with writing(engine) as con, lifted(con, [audit]):
        for old, new in ((4, 1004), (5, 4), (1004, 5)):
            con.execute(update(audit).where(audit.c.seq == old).values(seq=new))
    found = examine(url)
    assert not found.holds
    assert "entry 4, does not follow" in found.sentences[0]


def test_an_old_copy_is_found(book: Casebook, path: Path, key: bytes) -> None:
    """A file of last week in the place of today's."""
    assert key
    url = f"sqlite:///{path}"
    decided(book, 0, 1)
    anchored(book, url)
    book.close()
    old = path.with_name("old")
    shutil.copy(path, old)
    again = Casebook(open_engine(url))
    decided(again, 1, 3)
    anchored(again, url)
    again.close()
    for each in path.parent.glob("casebook.sqlite-*"):
        each.unlink()
    shutil.copy(old, path)
    found = examine(url)
    assert not found.holds
    assert "old copy" in found.sentences[0]


def test_a_deleted_file_is_found_and_not_made_again(book: Casebook, path: Path, key: bytes) -> None:
    """With the number of entries that it held; also when the app has begun a new one since."""
    assert key
    url = f"sqlite:///{path}"
    decided(book, 0, 2)
    anchored(book, url)
    count = book.end()[0]
    book.close()
    for each in path.parent.glob("casebook.sqlite*"):
        each.unlink()
    found = examine(url)
    assert not found.holds
    assert f"{count} entries of it were anchored" in found.sentences[0]
    assert not path.exists()
    decided(Casebook(open_engine(url)), 0, 1)
    assert not examine(url).holds


def test_without_a_key_it_says_what_nobody_can_know(book: Casebook, url: str) -> None:
    """It holds in itself, and that is all that is claimed."""
    decided(book, 0, 1)
    found = examine(url)
    assert found.holds
    assert "holds in itself: 4 entries" in found.sentences[0]
    for attack in ("sealed anew", "cut off", "old copy", "deleted"):
        assert attack in found.sentences[1]


def test_the_anchors_hold_one_another(book: Casebook, url: str, key: bytes) -> None:
    """A line that is changed, left out, moved or signed with another key is found."""
    for number in range(3):
        decided(book, number, number + 1)
        anchored(book, url)
    log = anchors.log_of(place_of(url))
    lines = log.read_text().splitlines(keepends=True)
    assert log.stat().st_mode & 0o077 == 0
    assert [one.seq for one in anchors.anchors_of(place_of(url), key)] == [4, 8, 12]
    anchored(book, url)
    assert log.read_text().splitlines(keepends=True) == lines, "nothing new is not said again"
    forged = json.loads(lines[1]) | {"seq": 3}
    for changed in (
        [lines[0], json.dumps(forged) + "\n", lines[2]],
        [lines[0], lines[2]],
        [lines[1], lines[0], lines[2]],
        ["{}\n"],
    ):
        log.write_text("".join(changed))
        with pytest.raises(AnchorsBroken):
            examine(url)
    log.write_text("".join(lines))
    with pytest.raises(AnchorsBroken):
        anchors.anchors_of(place_of(url), b"x" * 40)


def test_a_key_that_others_read_or_guess_is_refused(
    audit_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is its owner's alone, is made once, and is long enough."""
    file = anchors.make_key()
    assert file.parent == audit_folder
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(anchors.key() or b"") == 64
    with pytest.raises(KeyUnusable, match="There is a key"):
        anchors.make_key()
    file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="Others can read"):
        anchors.key()
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", "short")
    with pytest.raises(KeyUnusable, match="5 characters"):
        anchors.key()


def test_a_restore_speaks_for_what_came_before_it(
    book: Casebook, engine: Engine, url: str, key: bytes
) -> None:
    """What was given up is said; another old copy after it is found again."""
    assert key
    decided(book, 0, 1)
    first = book.end()
    decided(book, 1, 3)
    anchored(book, url)
    with writing(engine) as con:
        cut_off(con)
        cut_off(con)
        assert end(con) == first
    assert not examine(url).holds
    anchors.anchor(place_of(url), RESTORE, first)
    found = examine(url)
    assert found.holds
    assert any("a backup of 4 entries was restored in the place of 12" in one
               for one in found.sentences)  # fmt: skip


def test_an_export_is_checked_without_the_casebook(
    book: Casebook, url: str, key: bytes, tmp_path: Path
) -> None:
    """By the procedure of the README: nothing of ours is used."""
    decided(book, 0, 3)
    target = tmp_path / "trail.jsonl"
    assert export(url, target) == 12
    *lines, last = target.read_text(encoding="utf-8").splitlines()
    seal = json.loads(last)["seal"]
    body = "".join(f"{line}\n" for line in lines)
    assert hashlib.sha256(body.encode()).hexdigest() == seal["sha256"]
    signed = {name: seal[name] for name in ("entries", "hash", "sha256")}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"))
    assert hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == seal["hmac"]
    previous = "0" * 64
    names = ("seq", "at", "actor", "action", "subject", "before", "after", "previous_hash", "salt")
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line)
        sealed = json.dumps([entry[name] for name in names], separators=(",", ":"))
        assert entry["seq"] == number
        assert entry["previous_hash"] == previous
        previous = hashlib.sha256(sealed.encode()).hexdigest()
        assert entry["hash"] == previous
    assert (seal["entries"], seal["hash"]) == (len(lines), previous)


def test_nothing_to_export_is_said(tmp_path: Path) -> None:
    """And no casebook is made by asking."""
    with pytest.raises(CasebookUnavailable, match="There is no casebook"):
        export(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path / "trail.jsonl")
    assert not (tmp_path / "none.sqlite").exists()


def test_every_table_is_known_to_the_guards() -> None:
    """What is sealed by an `audit_seq` is one of the casebook's tables."""
    assert {"decisions", "audit", "snapshots"} <= set(metadata.tables)
