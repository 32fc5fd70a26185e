"""A crash loses nothing, and a place that cannot be used is a sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.casebook import Casebook, engine
from dashboard.casebook.engine import open_engine
from dashboard.errors import CasebookUnavailable
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN

_WRITER = """
import sys
from dataclasses import replace
from dashboard.casebook.engine import open_engine
from dashboard.casebook import Casebook
from tests.dashboard.casebook.drafts import ANN, ADVERSE_DRAFT
book = Casebook(open_engine(sys.argv[1]))
for number in range(100_000):
    key = f"k{number}"
    book.decide(replace(ADVERSE_DRAFT, entity_id=key, idempotency_key=key), viewer=ANN)
    print(key, flush=True)
"""


@pytest.mark.slow  # starts a process
def test_a_killed_process_loses_nothing_it_acknowledged(book: Casebook, path: Path) -> None:
    """SIGKILL in the middle of writing: every acknowledged decision is there, the trail holds."""
    command = [sys.executable, "-c", _WRITER, f"sqlite:///{path}"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(25)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.read().split()
    stored = {case.entity_id for case in book.cases().values()}
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + 1
    assert book.verify() is None
    instants = [case.changed_at for case in book.cases().values()]
    assert max(instants) - min(instants) < timedelta(minutes=1)


def test_an_unusable_place_is_a_sentence(tmp_path: Path) -> None:
    """A directory, a foreign file, a bad URL: what was found and what to do."""
    (tmp_path / "foreign").write_text("not a database " * 100)
    for url in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/foreign", "nonsense"):
        with pytest.raises(CasebookUnavailable) as caught:
            open_engine(url)
        assert "RINGFENCE_CASEBOOK_URL" in caught.value.remedy


@pytest.mark.parametrize(
    "url",
    ["sqllite:///x", "postgres//h/d", "/srv/casebook.sqlite", "mysql://a:b@h:port/d", "a:pw@b", ""],
)
def test_a_slip_in_the_address_is_a_sentence(url: str) -> None:
    """It shows the address without its password, and how one is written."""
    with pytest.raises(CasebookUnavailable, match=r"address .* cannot be read") as caught:
        open_engine(url)
    assert "sqlite:////srv/" in caught.value.remedy
    assert ":b@" not in caught.value.message.partition(" cannot be read")[0]


@pytest.mark.parametrize(
    ("module", "package"),
    [("pg8000", r"ringfence\[postgres\]"), ("psycopg", "psycopg")],
)
def test_a_driver_that_is_not_installed_is_named(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the package that brings it, and without the password of the address."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CasebookUnavailable, match=f"driver {module}, .*{package}") as caught:
        open_engine(f"postgresql+{module}://ann:secret@localhost/risk")
    assert "secret" not in str(caught.value)
    assert "ann:***@localhost/risk" in caught.value.message


def test_a_locked_casebook_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the lock too long: the writer is told, and nothing is half written."""
    monkeypatch.setattr(engine, "_PRAGMAS", ("pragma busy_timeout = 30",))
    book = Casebook(open_engine(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin immediate")
        with pytest.raises(CasebookUnavailable, match="nothing was written"):
            book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.decisions("merchant", "mer_1") == []


def test_a_decision_goes_into_the_file_that_was_put_in_its_place(
    book: Casebook, path: Path, tmp_path: Path
) -> None:
    """A backup is restored under the running app: what is acknowledged is in the restored file."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    with closing(sqlite3.connect(path)) as con, closing(sqlite3.connect(tmp_path / "b")) as copy:
        con.backup(copy)
    (tmp_path / "b").replace(path)
    later = replace(ADVERSE_DRAFT, entity_id="mer_later", idempotency_key="later")
    book.decide(later, viewer=ANN)
    with closing(sqlite3.connect(path)) as con:
        stored = con.execute("select entity_id from decisions order by decided_at").fetchall()
    assert stored == [(ADVERSE_DRAFT.entity_id,), ("mer_later",)]
    assert Casebook(open_engine(f"sqlite:///{path}")).verify() is None


def test_a_deleted_casebook_takes_no_decision(book: Casebook, path: Path) -> None:
    """Neither into the file that is gone nor into a new, empty one."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    path.unlink()
    later = replace(ADVERSE_DRAFT, entity_id="mer_later", idempotency_key="later")
    with pytest.raises(CasebookUnavailable) as caught:
        book.decide(later, viewer=ANN)
    assert "replaced" in caught.value.message
    assert not path.exists()


def test_a_casebook_that_is_damaged_under_the_app_is_a_sentence(book: Casebook, path: Path) -> None:
    """Overwritten in place: SQLite calls it no database, and so do we, in words."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    book.close()
    path.write_bytes(b"no database any more " * 1000)
    for ask in (book.head, book.cases, lambda: book.decisions("merchant", "mer_1")):
        with pytest.raises(CasebookUnavailable, match="cannot be used"):
            ask()
