"""An old casebook becomes this release's, whole or not at all; a newer one is left alone."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dashboard.casebook import Casebook, engine, formats, migrations
from dashboard.casebook.engine import open_engine
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import CasebookUnavailable
from tests.dashboard.casebook.drafts import ANN, LEA, draft
from tests.dashboard.casebook.files import (
    beside,
    content,
    edit,
    rows,
    schema,
    write_format_1,
    write_format_2,
)
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
COPY = "casebook.sqlite.format-1"


def _open(path: Path) -> Casebook:
    return Casebook(open_engine(f"sqlite:///{path}"))


# --- an old casebook


def test_a_casebook_of_format_1_opens_with_every_row(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Same cases, decisions, drafts and trail; the chain holds; a copy lies beside."""
    before = content(write_format_1(path))
    written = rows(path)
    book = _open(path)
    assert book.verify() is None
    assert _without_new_columns(rows(path), written) == written
    assert {table: len(each) for table, each in written.items()} == {
        "cases": 4, "decisions": 4, "drafts": 1, "audit": 19,
    }  # fmt: skip
    assert content(path.with_name(COPY)) == before
    assert beside(path) == {path.name, COPY}
    assert f"from format 1 to format 6. A copy from before lies at {path}.format-1" in caplog.text


def _without_new_columns(
    now: dict[str, list[tuple[object, ...]]], before: dict[str, list[tuple[object, ...]]]
) -> dict[str, list[tuple[object, ...]]]:
    """The rows of `now` cut to the columns of `before`; what came since must be empty."""
    widths = {table: len(each[0]) for table, each in before.items()}
    for table, each in now.items():
        assert {value for row in each for value in row[widths[table] :]} <= {None}, table
    return {table: [row[: widths[table]] for row in each] for table, each in now.items()}


def test_a_casebook_of_format_2_opens_with_every_row(path: Path) -> None:
    """Copied beside, migrated, the chain holds, no row differs, and an edit still shows."""
    before = content(write_format_2(path))
    written = rows(path)
    book = _open(path)
    assert book.verify() is None
    assert _without_new_columns(rows(path), written) == written
    assert content(path.with_name("casebook.sqlite.format-2")) == before
    assert beside(path) == {path.name, "casebook.sqlite.format-2"}
    book.decide(draft(Verdict.CONFIRMED, 5, data_day=date(2026, 9, 29)), viewer=ANN)
    assert book.verify() is None
    edit(path, "update decisions set data_day = '2026-01-01' where entity_id = 'mer_1'")
    broken = book.verify()
    assert broken is not None
    assert "was changed" in broken.problem


def test_a_stamp_of_format_3_cannot_be_taken_away(path: Path) -> None:
    """An empty column is no part of the seal, so emptying a full one has to break it."""
    book = _open(path)
    book.decide(draft(Verdict.CONFIRMED, 5, data_day=date(2026, 9, 29)), viewer=ANN)
    assert book.verify() is None
    edit(path, "update decisions set data_day = null")
    assert book.verify() is not None


def test_decisions_of_format_2_return_as_labels(path: Path) -> None:
    """The approved one convicts, the proposal nobody approved does not, an open question ends."""
    labels = _open(write_format_2(path)).labels_frame()
    rows_ = labels.select("entity_id", "label", labels["withdrawn_at"].is_not_null()).rows()
    assert sorted(rows_) == [("buy_7", "good", True), ("mer_1", "bad", False)]


def test_what_was_written_before_can_be_gone_on_with(path: Path) -> None:
    """Old cases move, old drafts come back, old decisions return as labels."""
    book = _open(write_format_1(path))
    assert book.cases()["merchant:mer_1"].state == CaseState.ENFORCED
    assert "half a sentence" in str(book.draft("creator:crt_9", viewer=ANN))
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert book.move(case, CaseState.CLOSED, viewer=LEA).version == case.version + 1
    book.decide(draft(Verdict.CONFIRMED, 2), viewer=ANN)
    assert set(book.labels_frame()["entity_id"]) == {"mer_1", "buy_7"}
    assert book.verify() is None


def test_a_migrated_casebook_is_opened_as_it_is(path: Path) -> None:
    """The second opening copies and changes nothing."""
    _open(write_format_1(path)).close()
    after = content(path)
    _open(path).close()
    assert content(path) == after
    assert beside(path) == {path.name, COPY}


def test_the_release_before_leaves_a_migrated_casebook_alone(path: Path) -> None:
    """Where it looks for the format it finds one it does not know."""
    _open(write_format_1(path)).close()
    with closing(sqlite3.connect(path)) as con:
        versions = con.execute("select format_version from chain where id = 1").fetchall()
    assert versions == [(2,)]


@pytest.mark.parametrize("seq", [3, 12])
def test_a_migration_does_not_heal_an_edited_trail(path: Path, seq: int) -> None:
    """A trail that was broken before stays broken at the same place, and can be read."""
    edit(write_format_1(path), f"update audit set actor = 'eve' where seq = {seq}")
    broken = _open(path).verify()
    assert broken is not None
    assert broken.seq == seq


_OPEN = """
import sys, time
from pathlib import Path
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
print("ready", flush=True)
sys.stdin.readline()
book = Casebook(open_engine(sys.argv[1]))
print(book.verify(), len(book.cases()))
"""


@pytest.mark.slow  # starts processes
@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_several_processes_at_once_migrate_once(path: Path, *, old: bool) -> None:
    """All of them open it, one migrates it, one copy is made."""
    if old:
        write_format_1(path)
    command = [sys.executable, "-c", _OPEN, f"sqlite:///{path}"]
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    outputs = [each.communicate(timeout=PATIENCE_SECONDS) for each in started]
    assert [out for out, _ in outputs] == [f"None {4 if old else 0}\n"] * 3
    assert sum("was migrated" in err for _, err in outputs) == (1 if old else 0)
    assert beside(path) == ({path.name, COPY} if old else {path.name})


def test_threads_make_different_casebooks_at_once(tmp_path: Path) -> None:
    """Alembic runs one migration per process at a time; nobody's tables land elsewhere."""
    paths = [tmp_path / f"{number}.sqlite" for number in range(8)]
    for path in paths[::2]:
        write_format_1(path)
    with ThreadPoolExecutor(8) as pool:
        books = list(pool.map(_open, paths))
    assert [book.verify() for book in books] == [None] * 8
    assert len({frozenset(schema(path)) for path in paths}) == 1


# --- a migration that fails


def _spoil(monkeypatch: pytest.MonkeyPatch, folder: Path, statement: str) -> None:
    """Let format 2 end with `statement`, in a copy of the migrations."""
    spoilt = _spoilt(folder, statement)
    monkeypatch.setattr(formats, "MIGRATIONS", str(spoilt))


def _spoilt(folder: Path, statement: str) -> Path:
    source, spoilt = Path(migrations.__file__).parent, folder / "spoilt"
    shutil.copytree(source, spoilt, ignore=shutil.ignore_patterns("__pycache__"))
    with (spoilt / "versions" / "format_2.py").open("a", encoding="utf-8") as module:
        module.write(f"    {statement}\n")
    return spoilt


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("raise RuntimeError('half way')", "half way"),
        ("op.execute('insert into nowhere values (1)')", "no such table: nowhere"),
        ("op.execute('drop table drafts; drop table cases')", "one statement at a time"),
        ("op.execute(\"update cases set state = 'NEW'\")", "was changed outside the casebook"),
        ("op.execute('update chain set seq = 7')", "the trail ends at 19, 7 were written"),
    ],
)
def test_a_migration_that_fails_leaves_the_casebook_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, cause: str
) -> None:
    """The cause and the copy are said, however often one tries; mended, it opens."""
    before = content(write_format_1(path))
    with monkeypatch.context() as spoilt:
        _spoil(spoilt, tmp_path / "elsewhere", statement)
        for _ in range(2):
            with pytest.raises(CasebookUnavailable, match="format 1 to format 6") as caught:
                _open(path)
    assert cause in caught.value.message
    assert f"it is as it was. A copy from before lies at {path}.format-1." in caught.value.message
    assert "go on with the release that wrote it" in caught.value.remedy
    assert content(path) == content(path.with_name(COPY)) == before
    assert beside(path) == {path.name, COPY, "elsewhere"}
    assert _open(path).verify() is None


_KILLED = """
import sys
from dashboard.casebook import formats
from dashboard.casebook.engine import open_engine
formats.MIGRATIONS = sys.argv[2]
open_engine(sys.argv[1])
"""


@pytest.mark.slow  # starts a process
def test_a_process_killed_in_a_migration_leaves_the_casebook_as_it_was(
    path: Path, tmp_path: Path
) -> None:
    """SIGKILL after the last step, before the commit: the next opening starts anew."""
    before = content(write_format_1(path))
    spoilt = _spoilt(tmp_path / "elsewhere", "__import__('os').kill(__import__('os').getpid(), 9)")
    command = [sys.executable, "-c", _KILLED, f"sqlite:///{path}", str(spoilt)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert content(path) == before
    assert _open(path).verify() is None
    assert beside(path) == {path.name, COPY, "elsewhere"}


def test_a_full_disk_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may not grow by a page: nothing is half migrated, the copy is named."""
    before = content(write_format_1(path))
    with closing(sqlite3.connect(path)) as con:
        (pages,) = con.execute("pragma page_count").fetchone()
    with monkeypatch.context() as full:
        pragmas = (*engine._PRAGMAS, f"pragma max_page_count = {pages}")
        full.setattr(engine, "_PRAGMAS", pragmas)
        with pytest.raises(CasebookUnavailable, match="disk is full") as caught:
            _open(path)
    assert str(path.with_name(COPY)) in caught.value.message
    assert "not full" in caught.value.remedy
    assert content(path) == before


def test_a_casebook_that_may_only_be_read_is_a_sentence(path: Path) -> None:
    """Whoever may only read it cannot migrate it, and reads why."""
    before = content(write_format_1(path))
    with pytest.raises(CasebookUnavailable, match="readonly") as caught:
        open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert "writable" in caught.value.remedy
    assert content(path) == before
    assert beside(path) == {path.name, COPY}


# --- other formats and other places


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("update alembic_version set version_num = '7'", "format 7;"),
        ("update alembic_version set version_num = '10'", "format 10;"),
        ("update alembic_version set version_num = '9ae4d21c'", "format 9ae4d21c;"),
        ("insert into alembic_version values ('1')", "format 6, 1;"),
    ],
)
def test_a_newer_format_is_not_written_to(path: Path, statement: str, name: str) -> None:
    """An older release leaves a newer casebook alone, and says what it found and knows."""
    open_engine(f"sqlite:///{path}").dispose()
    edit(path, statement)
    before = content(path)
    with pytest.raises(CasebookUnavailable, match=name) as caught:
        open_engine(f"sqlite:///{path}")
    assert f"{path} has {name} this release knows formats 1 to 6." in caught.value.message
    assert "Start the release that wrote it" in caught.value.remedy
    assert content(path) == before
    assert beside(path) == {path.name}


@pytest.mark.parametrize("statement", ["update chain set format_version = 7", "delete from chain"])
def test_a_marker_nobody_wrote_is_not_guessed_at(path: Path, statement: str) -> None:
    """Without Alembic's marker only format 1 is known."""
    edit(write_format_1(path), statement)
    before = content(path)
    with pytest.raises(CasebookUnavailable, match="this release knows formats 1 to 6"):
        _open(path)
    assert content(path) == before


def test_a_casebook_in_memory_is_made_and_used() -> None:
    """No file, no copy, the same tables and the same trail."""
    book = Casebook(open_engine("sqlite://"))
    book.decide(draft(Verdict.CONFIRMED), viewer=ANN)
    assert book.verify() is None
    assert list(book.cases()) == ["merchant:mer_1"]


def test_a_file_given_as_a_uri_is_migrated_where_it_lies(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy lies beside the file, and no folder named after the URI appears."""
    monkeypatch.chdir(tmp_path)
    book = Casebook(open_engine(f"sqlite:///file:{write_format_1(path)}?uri=true"))
    assert book.verify() is None
    assert beside(path) == {path.name, COPY}


@pytest.mark.slow  # starts a process
def test_opening_a_casebook_of_today_does_not_load_alembic(path: Path) -> None:
    """A page pays for the migrations only when there is one."""
    _open(path).close()
    code = (
        "import sys\n"
        "from dashboard.casebook.engine import open_engine\n"
        "open_engine(sys.argv[1])\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{path}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "False"
