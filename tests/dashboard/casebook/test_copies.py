"""Before a migration the casebook is copied: whole, private, and over nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from dashboard.casebook.copies import copy_beside
from tests.dashboard.casebook.files import beside, content, write_format_1


def _copied(path: Path) -> Path:
    """The copy `copy_beside` makes of the file at `path`."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as con:
        made = copy_beside(con, "1")
    engine.dispose()
    assert made is not None
    return made


def test_the_copy_holds_what_is_still_in_the_log(path: Path) -> None:
    """A committed row that lies in the write-ahead log only is in the copy."""
    write_format_1(path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("pragma wal_autocheckpoint = 0")
        writer.execute("insert into drafts values ('bob', 'buyer:b', '{}', '2026-01-01')")
        writer.commit()
        assert b"buyer:b" not in path.read_bytes()
        copy = _copied(path)
    assert any("buyer:b" in line for line in content(copy))
    assert content(copy) == content(path)


def test_nothing_is_overwritten(path: Path) -> None:
    """The same content is one copy; other content under the name gets a number."""
    write_format_1(path)
    first = _copied(path)
    assert first == path.with_name("casebook.sqlite.format-1")
    assert _copied(path) == first
    first.write_text("somebody else's")
    second = _copied(path)
    assert second == path.with_name("casebook.sqlite.format-1.2")
    assert _copied(path) == second
    assert first.read_text() == "somebody else's"
    assert beside(path) == {path.name, first.name, second.name}


def test_the_copy_is_as_private_as_the_casebook(path: Path) -> None:
    """Who may not read the notes may not read their copy."""
    write_format_1(path).chmod(0o600)
    assert _copied(path).stat().st_mode & 0o777 == 0o600
    path.with_name("casebook.sqlite.format-1").unlink()
    path.chmod(0o640)
    assert _copied(path).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_what_is_no_file_has_no_copy(url: str) -> None:
    """A casebook in memory has nothing beside which a copy could lie."""
    engine = create_engine(url)
    with engine.connect() as con:
        assert copy_beside(con, "1") is None
    engine.dispose()


_NO_ROOM = """
import resource, sys
from dashboard.casebook.engine import open_engine
from dashboard.errors import CasebookUnavailable
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    open_engine(sys.argv[1])
except CasebookUnavailable as error:
    print(error.message, error.remedy, sep="\\n")
"""


@pytest.mark.slow  # starts a process
def test_without_room_for_a_copy_nothing_is_migrated(path: Path) -> None:
    """No file may grow past 50,000 bytes, the casebook is larger: said, and left alone."""
    before = content(write_format_1(path))
    assert path.stat().st_size > 50_000
    output = subprocess.run(
        [sys.executable, "-c", _NO_ROOM, f"sqlite:///{path}"],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f"No copy of the casebook {path} could be written" in output
    assert "still has format 1" in output
    assert f"Make room for 0.1 MB in {path.parent}" in output
    assert content(path) == before
    assert beside(path) == {path.name}
