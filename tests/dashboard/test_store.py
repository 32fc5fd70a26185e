"""The store serves the file that is there now, or says in a sentence why not."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
import streamlit as st

import queries
from dashboard import answers, database_file, store
from dashboard.access import Viewer, acting_as
from dashboard.errors import (
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseUnreadable,
    RingfenceError,
    TableMissing,
)
from queries.contract import CONTRACT_VERSION
from tests.duckdb_versions import of_a_later_version
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator


COUNT = "pages/test/count"
SLOW = "pages/test/slow"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the store will look; empty caches before and after."""
    path = tmp_path / "ringfence.duckdb"
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    _add_queries(tmp_path / "queries", monkeypatch)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield path
    st.cache_resource.clear()
    st.cache_data.clear()


def _add_queries(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = (
        "-- A test question.\n--\n-- grain:   number\n-- params:  {params}\n-- returns: {returns}\n"
    )
    count = header.format(params="least  bigint", returns="number  bigint")
    slow = header.format(params="none", returns="number  bigint")
    (root / "pages" / "test").mkdir(parents=True)
    (root / f"{COUNT}.sql").write_text(
        count + "select number from main.numbers where number >= $least\n"
    )
    (root / f"{SLOW}.sql").write_text(
        slow + "select count(*) as number from range(40000000000) as r (n) where hash(n) = 1\n"
    )
    queries.macros()  # of the house, kept: they are read from its folder once
    monkeypatch.setattr(queries, "ROOT", root)
    queries.get.cache_clear()


def build(path: Path, number: int, *, contract: int = CONTRACT_VERSION) -> None:
    """A finished database renamed over `path`, as `ringfence build` does."""
    beside = path.with_suffix(".next")
    with duckdb.connect(str(beside)) as con:
        con.execute("create schema meta")
        con.execute(
            "create table meta.build as select $c as contract_version, date '2026-01-01' as as_of, "
            "'0' as ringfence_version, 'f' as data_fingerprint, 1::bigint as order_count",
            {"c": contract},
        )
        con.execute("create table numbers as select $n::bigint as number", {"n": number})
    beside.replace(path)


def read() -> list[int]:
    """What the store answers."""
    return store.read(COUNT, least=0)["number"].to_list()


def test_no_file_is_a_sentence_with_a_remedy(database: Path) -> None:
    """The message names the place, the remedy the command."""
    with pytest.raises(DatabaseMissing, match=database.name) as caught:
        store.build()
    assert "ringfence build" in caught.value.remedy


@pytest.mark.parametrize("size", [0, 100, 6000, 13000])
def test_a_half_written_file_is_a_sentence(database: Path, size: int) -> None:
    """A copy that stopped anywhere is refused, not served."""
    build(database, 1)
    database.write_bytes(database.read_bytes()[:size])
    with pytest.raises(DatabaseUnreadable, match=database.name):
        store.build()


def test_another_contract_is_a_sentence(database: Path) -> None:
    """A database of another release says which contract it follows."""
    build(database, 1, contract=CONTRACT_VERSION + 1)
    with pytest.raises(DatabaseOutdated, match=str(CONTRACT_VERSION + 1)):
        read()


def test_another_version_of_duckdb_is_a_sentence(database: Path) -> None:
    """It says which storage version the file has, and that it has to be built again."""
    build(database, 1)
    version = of_a_later_version(database)
    with pytest.raises(DatabaseUnreadable, match=f"in storage version {version}; this") as caught:
        read()
    assert "ringfence build" in caught.value.remedy


def test_a_stopped_build_is_a_sentence(database: Path) -> None:
    """meta.build is written last; without its row nothing is served."""
    build(database, 1)
    with duckdb.connect(str(database)) as con:
        con.execute("delete from meta.build")
    with pytest.raises(DatabaseUnreadable, match=r"meta\.build"):
        store.build()


def test_a_missing_table_is_named(database: Path) -> None:
    """A panel can say which table it lacks while the rest of the page works."""
    build(database, 1)
    with duckdb.connect(str(database)) as con:
        con.execute("drop table numbers")
    with pytest.raises(TableMissing) as caught:
        read()
    assert caught.value.table == "main.numbers"
    assert store.build().as_of == date(2026, 1, 1)


def test_a_new_build_is_served_at_the_next_read(database: Path) -> None:
    """Renaming a finished file over the served one is enough, even while a cursor is open."""
    build(database, 1)
    assert read() == [1]
    first, cursor = store.data_version(), store._source().cursor()
    for number in (2, 3, 4):
        build(database, number)
        assert read() == [number]
    assert store.data_version() != first
    assert cursor.execute("select number from numbers").fetchall() == [(1,)]


def test_an_answer_is_made_once(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks while it is made waits for it; other parameters are another answer."""
    build(database, 3)
    made: list[int] = []
    run = queries.run

    def slow(con: duckdb.DuckDBPyConnection, name: str, least: int) -> pl.DataFrame:
        made.append(least)
        time.sleep(0.1)
        return run(con, name, least=least)

    monkeypatch.setattr(queries, "run", slow)
    with ThreadPoolExecutor(4) as pool:
        frames = list(pool.map(lambda least: store.read(COUNT, least=least), [0, 0, 0, 9]))
    assert frames[0] is frames[1] is frames[2]
    assert frames[3].is_empty()
    assert sorted(made) == [0, 9]


def test_an_error_is_no_answer(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that was stopped is tried again by whoever asks next."""
    build(database, 1)
    monkeypatch.setattr(store, "READ_SECONDS", 0.05)
    for _ in range(2):
        with pytest.raises(RingfenceError, match="was stopped"):
            store.read(SLOW)


def test_rows_are_parted_by_whom_they_are_of() -> None:
    """In the order of the frame, without the column; of somebody unknown there are none."""
    rows = pl.DataFrame({"entity_key": ["b", "a", "b"], "place": [1, 2, 3]})
    parts = answers.Parts(rows, "entity_key")
    assert parts.of("b").to_dict(as_series=False) == {"place": [1, 3]}
    assert parts.of("c").schema == parts.of("a").schema == {"place": pl.Int64}
    assert answers.Parts(rows.clear(), "entity_key").of("a").schema == {"place": pl.Int64}


def test_a_run_of_a_page_reads_one_file(database: Path) -> None:
    """Inside of it nobody looks again what is there; the next run does."""
    build(database, 1)
    with store.one_file():
        first = store.data_version()
        build(database, 2)
        assert store.data_version() == first
        store.show_newest()
        assert store.data_version() != first


def test_nobody_waits_for_a_file_to_be_opened_for_other_markets(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Masks and a scope take seconds of a large file; whose view of it is open reads on."""
    build(database, 4)
    assert read() == [4]
    attach, opens, may_open = database_file.attach, threading.Event(), threading.Event()

    def slow(path: str, markets: frozenset[str]) -> tuple[duckdb.DuckDBPyConnection, str]:
        assert markets
        opens.set()
        assert may_open.wait(PATIENCE_SECONDS)
        return attach(path, frozenset())  # this file has no graph of which a market has a part

    def scoped() -> str:
        with acting_as(Viewer("ann", markets=frozenset({"SG"}))):
            return store.data_version()

    monkeypatch.setattr(database_file, "attach", slow)
    with ThreadPoolExecutor(2) as pool:
        own = pool.submit(scoped)
        assert opens.wait(PATIENCE_SECONDS)
        try:
            assert pool.submit(read).result(PATIENCE_SECONDS) == [4]
            assert not own.done()
        finally:
            may_open.set()
    assert own.result() != store.data_version()


def test_the_answers_that_are_kept_are_so_many(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one asked for longest ago goes first."""
    build(database, 1)
    monkeypatch.setattr(answers, "MOST", 2)
    first, second = (store.read(COUNT, least=least) for least in (1, 2))
    assert store.read(COUNT, least=1) is first
    store.read(COUNT, least=3)
    assert store.read(COUNT, least=1) is first
    assert store.read(COUNT, least=2) is not second


def test_the_old_file_is_let_go(database: Path) -> None:
    """After a swap no descriptor keeps the replaced file on the disk."""
    for number in (1, 2, 3):
        build(database, number)
        read()
    gc.collect()
    links = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert not [link for link in links if str(database) in link and link.endswith("(deleted)")]


def test_the_served_database_cannot_touch_anything_else(database: Path) -> None:
    """Not a file, not a setting, not itself."""
    build(database, 1)
    for statement in (
        "select * from read_text('/etc/hostname')", "attach '/tmp/x.duckdb'", "set threads = 9",
        "create table numbers2 as select 1", "delete from numbers", "copy numbers to '/tmp/x.csv'",
    ):  # fmt: skip
        with store._source().cursor() as cursor, pytest.raises(duckdb.Error):
            cursor.execute(statement)


def test_a_runaway_read_is_stopped(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An analyst gets a sentence, the server its cores back."""
    build(database, 1)
    monkeypatch.setattr(store, "READ_SECONDS", 0.2)
    with pytest.raises(RingfenceError, match="took longer"):
        store.read(SLOW)


def test_a_file_without_its_end_is_a_sentence(database: Path) -> None:
    """Rows that a stopped copy never wrote are told when they are read, not a fault."""
    build(database, 1)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "create or replace table numbers as select hash(range) as number from range(900000)"
        )
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 3])
    assert store.build().contract_version == CONTRACT_VERSION
    with pytest.raises(DatabaseUnreadable, match="damaged"):
        read()
