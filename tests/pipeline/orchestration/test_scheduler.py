"""Laws of the schedule: no step before what it reads, two at once, no error is lost."""

from __future__ import annotations

import time
from graphlib import CycleError
from threading import Barrier
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipeline.orchestration.memory import DatabaseLimit
from pipeline.orchestration.scheduler import run
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

READS: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
ORDER = ("a", "b", "c", "d")
SHORT = "Out of Memory Error: could not allocate block of size 256.0 KiB"
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
        times = run(con, READS, {stage: writer(stage) for stage in ORDER}, silent)
        rows = con.execute("select n from d.made").fetchall()
    assert rows == [(5,)]
    assert [time.stage for time in times if time.stage in "ad"] == ["a", "d"]
    assert {time.stage for time in times} == set(ORDER)
    assert all(time.tables == time.rows == 1 for time in times)


def test_two_stages_that_do_not_read_each_other_run_at_once() -> None:
    """Both wait for the other in the middle, which one after the other never ends."""
    both = Barrier(2, timeout=PATIENCE_SECONDS)

    def meets(stage: str) -> Callable[..., None]:
        def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
            both.wait()
            writer(stage)(con, on_progress)

        return write

    writers = {stage: meets(stage) if stage in "bc" else writer(stage) for stage in ORDER}
    with duckdb.connect() as con:
        assert len(run(con, READS, writers, silent)) == len(ORDER)


def test_the_step_with_the_longest_chain_behind_it_goes_first() -> None:
    """Of three that could start, the two that others wait for do; a short one fills up."""
    started: list[str] = []

    def notes(step: str) -> Callable[..., None]:
        def write(_con: duckdb.DuckDBPyConnection, **_: object) -> None:
            started.append(step)

        return write

    reads = {"alone": (), "long": (), "longer": ("long",), "last": ("longer",), "side": ("long",)}
    with duckdb.connect() as con:
        run(con, reads, {step: notes(step) for step in reads}, silent)
    assert started[0] == "long"
    assert started.index("longer") < started.index("side")


def test_the_steps_of_a_stage_are_reported_as_one() -> None:
    """Tables and rows add up, and the time spans from the first start to the last end."""

    def write(_con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        on_progress("table", 3)

    reported: list[str] = []
    reads = {"s/one": (), "s/two": ("s/one",), "t": ("s/one",)}
    with duckdb.connect() as con:
        times = run(
            con, reads, dict.fromkeys(reads, write), lambda stage, *_: reported.append(stage)
        )
    sums = {time.stage: (time.tables, time.rows) for time in times}
    assert sums == {"s": (2, 6), "t": (1, 3)}
    assert sorted(reported) == ["s", "s", "t"]
    assert all(time.wall_seconds >= 0.0 for time in times)


def test_steps_that_read_each_other_are_refused() -> None:
    """A circle is an error before anything runs."""
    reads = {"a": ("b",), "b": ("a",)}
    with duckdb.connect() as con, pytest.raises(CycleError):
        run(con, reads, {step: writer(step) for step in reads}, silent)


def test_the_first_error_stops_the_other_stage_and_is_raised() -> None:
    """A broken stage does not wait for an hour's query beside it, and starts nothing more."""
    both, started = Barrier(2, timeout=PATIENCE_SECONDS), []

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
        run(con, READS, writers, silent)
    assert started == []


def memory_limit(con: duckdb.DuckDBPyConnection) -> str:
    """What the database may hold."""
    return str(con.execute("select current_setting('memory_limit')").fetchall()[0][0])


def test_a_step_whose_memory_did_not_suffice_runs_again_alone() -> None:
    """Nothing runs beside it then, and the database may hold more; it is written anew."""
    both, running, beside = Barrier(2, timeout=PATIENCE_SECONDS), set[str](), list[set[str]]()
    limits = list[str]()

    def counts(step: str, write: Callable[..., None]) -> Callable[..., None]:
        def written(con: duckdb.DuckDBPyConnection, **own: object) -> None:
            running.add(step)
            try:
                write(con, **own)
            finally:
                running.discard(step)

        return written

    def hungry(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        beside.append(running - {"hungry"})
        limits.append(memory_limit(con))
        if len(beside) == 1:
            both.wait()
            con.execute("create or replace table half as select 1 as n")
            raise duckdb.OutOfMemoryException(SHORT)
        con.execute("create or replace table half as select 2 as n")
        on_progress("half", 1)

    def other(_con: duckdb.DuckDBPyConnection, **_: object) -> None:
        both.wait()
        time.sleep(0.05)

    def late(_con: duckdb.DuckDBPyConnection, **_: object) -> None:
        time.sleep(0.05)

    reads = {"hungry": (), "other": (), "late": ("other",), "last": ("hungry",)}
    writers: dict[str, Callable[..., None]]
    writers = {"hungry": hungry, "other": other, "late": late, "last": late}
    limit = DatabaseLimit(400_000_000)
    with duckdb.connect() as con:
        limit.lower(con, 300_000_000)
        counted = {one: counts(one, own) for one, own in writers.items()}
        before = memory_limit(con)
        times = run(con, reads, counted, silent, limit.raised)
        assert con.execute("select n from half").fetchall() == [(2,)]
        assert limits[0] == memory_limit(con) == before != limits[1]
    assert beside[1:] == [set()]
    assert {one.stage: one.rows for one in times} == {"hungry": 1, "other": 0, "late": 0, "last": 0}


def test_a_step_that_runs_out_of_memory_alone_is_an_error() -> None:
    """Once it had all that there is."""
    tries = []

    def hungry(*_: object, **__: object) -> None:
        tries.append(1)
        raise duckdb.OutOfMemoryException(SHORT)

    with duckdb.connect() as con, pytest.raises(duckdb.OutOfMemoryException):
        run(con, {"a": (), "b": ("a",)}, {"a": hungry, "b": hungry}, silent)
    assert tries == [1, 1]


def test_an_error_stops_the_tables_of_another_stage() -> None:
    """The running table is interrupted and those to come never begin."""
    both, started = Barrier(2, timeout=PATIENCE_SECONDS), []

    def breaks(*_: object, **__: object) -> None:
        both.wait()
        raise BrokenStageError

    def endless(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        both.wait()
        con.execute(ENDLESS)

    def late(*_: object, **__: object) -> None:
        started.append("second")

    reads = {"b": (), "c/first": (), "c/second": ("c/first",), "d": ("b",)}
    writers = {"b": breaks, "c/first": endless, "c/second": late, "d": late}
    with duckdb.connect() as con, pytest.raises(BrokenStageError):
        run(con, reads, writers, silent)
    assert started == []


def test_shared_cpu_is_charged_once() -> None:
    """What stages that ran at once are charged adds up to what the process spent."""

    def busy(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        con.execute("select sum(hash(i)) from range(3000000) as t(i)").fetchall()
        on_progress("made", 1)

    before = time.process_time()
    with duckdb.connect() as con:
        times = run(con, READS, dict.fromkeys(ORDER, busy), silent)
    assert 0.0 < sum(one.cpu_seconds for one in times) <= time.process_time() - before
