"""The doctor finds what would keep somebody from working, says the remedy and changes nothing."""

from __future__ import annotations

import json
import socket
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.casebook import open_casebook
from dashboard.cli.doctor import data, machine
from dashboard.cli.doctor.finding import FAIL, OK, WARN, checked
from dashboard.web.process import Address
from tests.dashboard import renaming, tiny_database
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from dashboard.cli.doctor.finding import Finding
    from tests.dashboard.cli.program import Result

    Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build folder with the tiny database."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)
    tiny_database.write(tmp_path / "ringfence.duckdb")
    return tmp_path


@pytest.fixture
def free_port() -> int:
    """A port that nobody uses."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


def only(findings: Iterable[Finding]) -> Finding:
    """The one finding there is."""
    (finding,) = findings
    return finding


def test_a_line_a_finding_and_nothing_is_left_behind(
    folder: Path, free_port: int, ringfence: Run
) -> None:
    """Old data are worth a word and no failure; no casebook is made by looking."""
    before = sorted(path.name for path in folder.iterdir())
    result = ringfence("doctor", "--build", folder, "--port", free_port)
    assert result.code == 0, result.out
    topics = [line.split()[1] for line in result.out.splitlines()]
    assert {"versions", "memory", "disk", "port", "database", "pending", "casebook"} <= set(topics)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_without_a_database_it_fails_and_says_what_to_do(
    tmp_path: Path, free_port: int, ringfence: Run
) -> None:
    """As JSON too, with the same exit code."""
    result = ringfence("doctor", "--build", tmp_path, "--port", free_port, "--json")
    assert result.code == 1
    findings = {one["topic"]: one for one in json.loads(result.out)}
    assert findings["database"]["state"] == FAIL
    assert "ringfence build" in findings["database"]["remedy"]


def test_a_database_of_another_contract_fails(folder: Path) -> None:
    """It says which, and to build again."""
    with duckdb.connect(str(folder / "ringfence.duckdb")) as con:
        con.execute("update meta.build set contract_version = 1")
    finding = only(data.database(folder))
    assert finding.state == FAIL
    assert "contract 1" in finding.said
    assert "ringfence build" in finding.remedy


def test_the_age_of_the_data_is_said(folder: Path) -> None:
    """Of today it is well; of last month it is a warning."""
    assert only(data.database(folder)).state == WARN
    with duckdb.connect(str(folder / "ringfence.duckdb")) as con:
        con.execute("update meta.build set as_of = current_date")
    assert only(data.database(folder)).state == OK


def test_an_unfinished_build_is_pending(folder: Path) -> None:
    """Whether it runs or was stopped."""
    assert only(data.pending(folder)).state == OK
    (folder / "ringfence.duckdb.next").touch()
    finding = only(data.pending(folder))
    assert finding.state == WARN
    assert "ringfence.duckdb.next" in finding.said


def test_an_edited_audit_trail_fails(folder: Path) -> None:
    """One that holds is counted."""
    book = folder / "casebook.sqlite"
    open_casebook(f"sqlite:///{book}").decide(ADVERSE_DRAFT, viewer=ANN)
    whole = only(data.casebook(folder))
    assert (whole.state, "each holds" in whole.said) == (OK, True)
    with closing(sqlite3.connect(book)) as con:
        con.execute("drop trigger if exists audit_no_update")
        for (name,) in con.execute("select name from sqlite_master where type = 'trigger'"):
            con.execute(f"drop trigger {name}")
        con.execute("update audit set actor = 'nobody' where seq = 1")
        con.commit()
    broken = only(data.casebook(folder))
    assert broken.state == FAIL
    assert "Entry 1" in broken.said


@pytest.mark.parametrize("content", [b"no database at all", b""])
def test_a_casebook_that_is_none_is_said(folder: Path, content: bytes) -> None:
    """Never a trace."""
    (folder / "casebook.sqlite").write_bytes(content * 100)
    assert only(data.casebook(folder)).state in {WARN, FAIL}


def test_a_port_that_is_taken_fails(free_port: int) -> None:
    """Unless what listens answers as our server does."""
    assert only(machine.port(Address("127.0.0.1", free_port))).state == OK
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        finding = only(machine.port(Address("127.0.0.1", taken.getsockname()[1])))
    assert finding.state == FAIL
    assert "--port" in finding.remedy


@pytest.mark.parametrize(
    ("name", "said", "package"),
    [("小店", "Chinese", "fonts-noto-cjk"), ("ร้าน", "Thai", "fonts-noto-core"),
     ("متجر", "Arabic", "fonts-noto-core"), ("가게", "Korean", "fonts-noto-cjk"),
     ("🛒", "emoji", "fonts-noto-color-emoji")],
)  # fmt: skip
def test_a_script_without_a_font_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str, package: str
) -> None:
    """And is well where the machine has one."""
    renaming.write(tmp_path / "ringfence.duckdb", "Lucky Bazaar", name)
    monkeypatch.setattr(data, "_can_draw", lambda _language: False)
    finding = only(data.fonts(tmp_path))
    assert finding.state == WARN
    assert said in finding.said
    assert f"apt-get install {package}" in finding.remedy
    monkeypatch.setattr(data, "_can_draw", lambda _language: True)
    assert only(data.fonts(tmp_path)).state == OK


def test_latin_names_need_no_font(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app brings its own."""
    monkeypatch.setattr(data, "_can_draw", lambda _language: False)
    assert only(data.fonts(folder)).state == OK


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({}, 0),
        ({"sys/fs/cgroup/memory.max": "max"}, 0),
        ({"sys/fs/cgroup/memory.max": "3000000000"}, 3_000_000_000),
        (
            {"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "2000000000",
             "sys/fs/cgroup/a/b/memory.max": "5000000000"},
            2_000_000_000,
        ),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712"}, 0),
    ],
)  # fmt: skip
def test_the_limit_of_a_container_is_the_least_on_the_way_up(
    tmp_path: Path, files: dict[str, str], limit: int
) -> None:
    """Of either version of control groups."""
    meminfo = {"proc/meminfo": "MemTotal: 2000 kB\nMemAvailable: 1000 kB\n"}
    for name, text in {**meminfo, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert machine.memory_bytes(tmp_path) == (2_048_000, 1_024_000, limit)


def test_a_check_that_breaks_is_a_finding() -> None:
    """The others go on."""

    def breaks() -> list[Finding]:
        raise OSError("no such device")

    finding = only(checked("disk", breaks))
    assert (finding.topic, finding.state) == ("disk", FAIL)
    assert "no such device" in finding.said
