"""`ringfence tour` prints five stories with links, or one sentence."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

import queries
from tests.duckdb_versions import of_a_later_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.build import Report
    from tests.dashboard.cli.program import Result

    Tell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tell(ringfence: Callable[..., Result]) -> Tell:
    """`tell(*arguments)` runs `ringfence tour`: exit code, output, errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        result = ringfence("tour", *arguments)
        return result.code, result.out, " ".join(result.err.split())

    return run


def test_five_stops_with_links_into_the_app(tell: Tell, built: Report) -> None:
    """Each stop has its place on the tour and a subject that is in the database."""
    code, out, err = tell("--build", built.database.parent)
    assert (code, err) == (0, "")
    assert re.findall(r"/tour\?stop=(\d)", out) == list("12345")
    links = re.findall(r"http://127\.0\.0\.1:8501/investigate\?\S+", out)
    assert len(links) >= 5
    with queries.connect(built.database) as con:
        for link in links:
            kind, _, entity_id = parse_qs(urlsplit(link).query)["entity"][0].partition(":")
            sql = "select count(*) from graph.entities where entity_type = $t and entity_id = $i"
            assert queries.scalar(con, sql, {"t": kind, "i": entity_id}) == 1
    assert "ringfence serve" in out


def test_the_links_follow_host_and_port(tell: Tell, built: Report) -> None:
    """Where the app is served, there the links lead."""
    _, out, _ = tell("--build", built.database.parent, "--host", "localhost", "--port", "9000")
    assert "http://localhost:9000/tour?stop=1" in out
    assert ":8501" not in out


def test_without_a_build_it_is_a_sentence(tell: Tell, tmp_path: Path) -> None:
    """It names the file it looked for and the command that makes it."""
    code, out, err = tell("--build", tmp_path)
    assert (code, out) == (1, "")
    assert "No database at" in err
    assert "ringfence build --data DIR" in err


def _not_a_database(path: Path) -> None:
    path.write_text("not a database", encoding="utf-8")


def _without_tables(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("create table unfinished (x int)")


def _of_another_release(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("create schema meta")
        con.execute("create table meta.build as select 99 as contract_version")


def _of_another_duckdb(path: Path) -> None:
    _without_tables(path)
    of_a_later_version(path)


@pytest.mark.parametrize(
    "spoil", [_not_a_database, _without_tables, _of_another_release, _of_another_duckdb]
)
def test_an_unfinished_build_is_a_sentence(
    tell: Tell, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """Whatever lies there instead of a finished build is named, with the remedy."""
    spoil(tmp_path / "ringfence.duckdb")
    code, out, err = tell("--build", tmp_path)
    assert (code, out) == (1, "")
    assert "ringfence.duckdb" in err
    assert "Build it again: ringfence build --data DIR" in err
    assert "Traceback" not in err


def test_a_build_without_stories_says_that_nobody_is_there(
    tell: Tell, built: Report, tmp_path: Path
) -> None:
    """Five sentences with a remedy, no link to anybody, exit code 0."""
    copy = tmp_path / "ringfence.duckdb"
    shutil.copy(built.database, copy)
    with duckdb.connect(str(copy)) as con:
        con.execute("delete from graph.entities")
    code, out, _ = tell("--build", tmp_path)
    assert code == 0
    assert out.count("nobody to show") == 5
    assert out.count("ringfence demo") == 5
    assert "/investigate" not in out


def test_a_name_cannot_dress_up_the_terminal(tell: Tell, built: Report, tmp_path: Path) -> None:
    """Escape sequences and markup in names are printed as text."""
    copy = tmp_path / "ringfence.duckdb"
    shutil.copy(built.database, copy)
    with duckdb.connect(str(copy)) as con:
        con.execute("update graph.entities set name = '[red]x[/red]' || chr(27) || '[2J'")
    _, out, _ = tell("--build", tmp_path)
    assert out.count("[red]x[/red][U+001B][2J") >= 5
    assert "\x1b" not in out
