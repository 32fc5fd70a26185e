"""What comes back from a backup is what was there; nothing is lost without a word."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.access import Viewer
from dashboard.casebook import Casebook, anchors
from dashboard.casebook.engine import open_engine, reading
from dashboard.casebook.schema import metadata
from dashboard.casebook.trail import RESTORE, examine, place_of
from dashboard.cases.states import Verdict
from dashboard.errors import RestoreRefused
from tests.dashboard.casebook.drafts import ANN, draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ADA = Viewer("ada", "admin")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    """Another casebook, a file, which is empty."""
    engine = open_engine(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    yield engine
    engine.dispose()


def decided(book: Casebook, *numbers: int) -> None:
    """Decisions with evidence about these merchants, and a form left open."""
    for number in numbers:
        made = replace(draft(Verdict.INCONCLUSIVE, number), snapshot={"number": number})
        book.decide(made, viewer=ANN)
    book.save_draft("merchant:mer_9", {"note": "Ünfinished"}, viewer=ANN)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with reading(engine) as con:
        return {
            name: sorted(map(tuple, con.execute(select(table)).all()), key=str)
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("name", ["book.jsonl", "book.jsonl.gz"])
def test_what_comes_back_is_what_was_there(
    book: Casebook, engine: Engine, elsewhere: Engine, tmp_path: Path, name: str
) -> None:
    """From a file or a server into a file and back again, row by row; only its owner reads it."""
    decided(book, 1, 2)
    target = tmp_path / name
    made = book.backup(target, viewer=ADA)
    assert made.rows == sum(map(len, rows(engine).values()))
    assert target.stat().st_mode & 0o077 == 0
    assert (target.read_bytes()[:2] == b"\x1f\x8b") is name.endswith("gz")
    other = Casebook(elsewhere)
    other.restore(target, viewer=ADA)
    assert rows(elsewhere) == rows(engine)
    assert other.verify() is None
    book.decide(draft(Verdict.CONFIRMED, 3), viewer=ANN)
    book.restore(target, viewer=ADA, is_forced=True)
    assert rows(elsewhere) == rows(engine)
    book.decide(draft(Verdict.CONFIRMED, 4), viewer=ANN)
    assert book.verify() is None


def test_later_entries_are_not_lost_without_a_word(
    book: Casebook, engine: Engine, tmp_path: Path
) -> None:
    """How many, from where, and by whom; an earlier part of the same trail is no loss."""
    early, late = tmp_path / "early", tmp_path / "late"
    decided(book, 1)
    book.backup(early, viewer=ADA)
    decided(book, 2)
    book.backup(late, viewer=ADA)
    before = rows(engine)
    with pytest.raises(RestoreRefused, match="4 from entry 5 on would be lost, the last by ann"):
        book.restore(early, viewer=ADA)
    assert rows(engine) == before
    book.restore(early, viewer=ADA, is_forced=True)
    book.restore(late, viewer=ADA)
    assert rows(engine) == before


def test_an_old_backup_is_told_from_a_restore(
    book: Casebook, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put back behind the back of the commands it is found; by them it is said."""
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", "k" * 40)
    target = tmp_path / "book"
    decided(book, 1)
    book.backup(target, viewer=ADA)
    decided(book, 2)
    anchors.anchor(place_of(url), "build", book.end())
    made = book.restore(target, viewer=ADA, is_forced=True)
    found = examine(url)
    assert not found.holds
    assert "old copy" in found.sentences[0]
    anchors.anchor(place_of(url), RESTORE, (made.seq, made.hash))
    assert examine(url).holds


def _changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"ann", b"eve"), *lines[2:]]


def _short(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _other_format(lines: list[bytes]) -> list[bytes]:
    return [b"{}\n", *lines[1:]]


@pytest.mark.parametrize("fault", [_changed, _short, _other_format])
def test_a_damaged_backup_is_refused(
    book: Casebook, engine: Engine, tmp_path: Path, fault: object
) -> None:
    """And the casebook is as it was."""
    target = tmp_path / "book"
    decided(book, 1)
    book.backup(target, viewer=ADA)
    before = rows(engine)
    lines = target.read_bytes().splitlines(keepends=True)
    target.write_bytes(b"".join(fault(lines)))  # type: ignore[operator]
    with pytest.raises(RestoreRefused, match="no whole backup"):
        book.restore(target, viewer=ADA, is_forced=True)
    with pytest.raises(RestoreRefused, match="no whole backup"):
        book.restore(tmp_path / "none", viewer=ADA)
    assert rows(engine) == before


def test_a_backup_whose_trail_was_changed_is_refused(
    book: Casebook, engine: Engine, tmp_path: Path
) -> None:
    """Even with a seal that fits: what is restored has to hold."""
    target = tmp_path / "book.gz"
    decided(book, 1)
    book.backup(target, viewer=ADA)
    before = rows(engine)
    *lines, last = gzip.decompress(target.read_bytes()).splitlines(keepends=True)
    forged = b"".join(lines).replace(b"Forty buyers", b"Four buyers")
    seal = json.loads(last) | {"sha256": hashlib.sha256(forged).hexdigest()}
    target.write_bytes(gzip.compress(forged + json.dumps(seal).encode()))
    with pytest.raises(RestoreRefused, match="does not hold at entry"):
        book.restore(target, viewer=ADA, is_forced=True)
    assert rows(engine) == before
