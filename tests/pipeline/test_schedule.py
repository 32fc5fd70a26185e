"""Laws of the schedule: nothing reads what is not written, two at once, no error is lost."""

from __future__ import annotations

import time
from threading import Barrier
from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from pipeline.build import BUILDER, leaving_room
from pipeline.schedule import run

if TYPE_CHECKING:
    from collections.abc import Callable

READS: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
ORDER = ("a", "b", "c", "d")
LIMIT = "select current_setting('memory_limit')"
ENDLESS = "select count(*) from range(1000000000) as t(i), range(1000000000) as u(j) where i < j"


class BrokenStageError(Exception):
    """What a stage of these tests fails with."""


def silent(stage: str, table: str, rows: int) -> None:
    """Report to nobody."""


def writer(stage: str) -> Callable[..., None]:
    """Writes a table that counts the rows of those the stage reads, plus one."""

    def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        read = " + ".join(f"(select n from {one}.made)" for one in READS[stage]) or "0"
        con.execute(f"create schema {stage}")
        con.execute(f"create table {stage}.made as select 1 + {read} as n")
        on_progress(f"{stage}.made", 1)

    return write


def test_a_stage_finds_what_it_reads_and_the_report_keeps_the_order() -> None:
    """Tables of the stages before are there, whichever of two ended first."""
    with duckdb.connect() as con:
        times = run(con, ORDER, READS, {stage: writer(stage) for stage in ORDER}, silent)
        made = con.execute("select n from d.made").fetchall()
    assert made == [(5,)]
    assert [time.stage for time in times] == list(ORDER)
    assert all(time.tables == time.rows == 1 for time in times)


def test_two_stages_that_do_not_read_each_other_run_at_once() -> None:
    """Both wait for the other in the middle, which one after the other never ends."""
    both = Barrier(2, timeout=30)

    def meets(stage: str) -> Callable[..., None]:
        def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
            both.wait()
            writer(stage)(con, on_progress)

        return write

    writers = {stage: meets(stage) if stage in "bc" else writer(stage) for stage in ORDER}
    with duckdb.connect() as con:
        assert len(run(con, ORDER, READS, writers, silent)) == len(ORDER)


def test_two_wide_stages_wait_for_each_other() -> None:
    """Of two that each keep all cores busy the second begins when the first has ended."""
    seen: list[str] = []

    def notes(stage: str) -> Callable[..., None]:
        def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
            seen.append(f"{stage} begins")
            writer(stage)(con, on_progress)
            seen.append(f"{stage} ends")

        return write

    writers = {stage: notes(stage) for stage in ORDER}
    with duckdb.connect() as con:
        run(con, ORDER, READS, writers, silent, wide=("b", "c"))
    assert seen[2:6] == ["b begins", "b ends", "c begins", "c ends"]


def test_the_first_error_stops_the_other_stage_and_is_raised() -> None:
    """A broken stage does not wait for an hour's query beside it, and starts nothing more."""
    both, started = Barrier(2, timeout=30), []

    def breaks(*_: object, **__: object) -> None:
        both.wait()
        raise BrokenStageError

    def endless(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        both.wait()
        con.execute(ENDLESS)

    def late(*_: object, **__: object) -> None:
        started.append("d")

    writers = {"a": writer("a"), "b": breaks, "c": endless, "d": late}
    with duckdb.connect() as con, pytest.raises(BrokenStageError):
        run(con, ORDER, READS, writers, silent)
    assert started == []


def test_an_error_stops_the_tables_that_another_stage_runs() -> None:
    """A stage with a schedule of its own ends with it: the running table and those to come."""
    both, started = Barrier(2, timeout=30), []

    def breaks(*_: object, **__: object) -> None:
        both.wait()
        raise BrokenStageError

    def endless(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        both.wait()
        con.execute(ENDLESS)

    def late(*_: object, **__: object) -> None:
        started.append("second")

    def tables(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        inner = {"first": (), "second": ("first",)}
        run(con, ("first", "second"), inner, {"first": endless, "second": late}, silent)

    writers = {"a": writer("a"), "b": breaks, "c": tables, "d": late}
    with duckdb.connect() as con, pytest.raises(BrokenStageError):
        run(con, ORDER, READS, writers, silent)
    assert started == []


def test_shared_cpu_is_charged_once() -> None:
    """What stages that ran at once are charged adds up to what the process spent."""

    def busy(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        con.execute("select sum(hash(i)) from range(3000000) as t(i)").fetchall()
        on_progress("made", 1)

    before = time.process_time()
    with duckdb.connect() as con:
        times = run(con, ORDER, READS, dict.fromkeys(ORDER, busy), silent)
    assert 0.0 < sum(one.cpu_seconds for one in times) <= time.process_time() - before


def test_the_database_gives_memory_back_when_features_are_made() -> None:
    """What comes after runs models beside it."""
    seen: list[str] = []

    def write(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        seen.append(str(queries.scalar(con, LIMIT)))

    with duckdb.connect(config=dict(BUILDER)) as con:
        leaving_room(write, con, lambda *_: None)
        seen.append(str(queries.scalar(con, LIMIT)))
    assert seen == ["5.5 GiB", "2.7 GiB"]
