"""What reads a built file reads that file and nothing else, however it was opened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import duckdb
import pytest

import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Connect = Callable[[Path], duckdb.DuckDBPyConnection]

READERS, ROUNDS = 4, 10
OUTSIDE = (
    "select * from read_text('/etc/hostname')",
    "attach '/tmp/other.duckdb'",
    "copy (select 1) to '/tmp/one.csv'",
    "install httpfs",
    "set threads = 9",
    "set memory_limit = '9GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set autoload_known_extensions = true",
)


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    con.execute(f"attach '{path}' as served (read_only)")
    con.execute("use served")
    return queries.harden(con)


@pytest.fixture(params=[queries.connect, _attached], ids=["opened", "attached"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of a small file, opened as analysts open it and attached as the app does."""
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table numbers as select 7 as number")
    connect: Connect = request.param
    with connect(path) as con:
        yield con


def test_a_reader_reads_its_file(reader: duckdb.DuckDBPyConnection) -> None:
    """What is open stays open, with the limits of a reader."""
    assert queries.scalar(reader, "select number from numbers") == 7
    assert queries.scalar(reader, "select current_setting('threads')") == 2
    assert queries.scalar(reader, "select current_setting('memory_limit')") == "1.8 GiB"


@pytest.mark.parametrize("statement", OUTSIDE)
def test_a_reader_reaches_nothing_else(reader: duckdb.DuckDBPyConnection, statement: str) -> None:
    """No other file, no extension, and no setting that would allow one."""
    with pytest.raises(duckdb.Error):
        reader.execute(statement)


@pytest.mark.parametrize("statement", ["create table more as select 1", "delete from numbers"])
def test_a_reader_does_not_write(reader: duckdb.DuckDBPyConnection, statement: str) -> None:
    """The file is open for reading only."""
    with pytest.raises(duckdb.Error):
        reader.execute(statement)


def test_a_hardened_connection_can_be_opened_again(tmp_path: Path) -> None:
    """Two readers of one file share an instance, which is locked by the first."""
    path = tmp_path / "small.duckdb"
    duckdb.connect(str(path)).close()
    with queries.connect(path) as first, queries.connect(path) as second:
        assert queries.scalar(first, "select 1") == queries.scalar(second, "select 1")


def test_readers_that_open_a_file_at_once_are_all_hardened(tmp_path: Path) -> None:
    """Two steps of a build read the served file side by side, as do the pages of two people."""
    path = tmp_path / "small.duckdb"
    duckdb.connect(str(path)).close()
    together = Barrier(READERS, timeout=60)

    def opened(_: int) -> bool:
        together.wait()
        with queries.connect(path) as con:
            together.wait()  # so that the file is closed between two rounds
            return bool(queries.scalar(con, "select current_setting('lock_configuration')"))

    with ThreadPoolExecutor(READERS) as pool:
        for _ in range(ROUNDS):
            assert all(pool.map(opened, range(READERS)))
