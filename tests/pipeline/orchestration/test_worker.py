"""The second thread of a stage: its order, its errors and what it sees."""

from __future__ import annotations

import threading
import time

import duckdb
import pytest

from pipeline.orchestration.worker import Beside, in_pairs
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A database with one table."""
    connection = duckdb.connect()
    connection.execute("create table numbers as select 41 as n")
    return connection


def read(con: duckdb.DuckDBPyConnection, more: int) -> int:
    """The number of the table and some more."""
    return int(con.execute("select n from numbers").fetchall()[0][0]) + more


def test_a_task_reads_the_same_tables_in_another_thread(con: duckdb.DuckDBPyConnection) -> None:
    """What the stage wrote is there, and the stage's own thread stays free."""
    with Beside(con) as beside:
        number, thread = beside.does(read, 1), beside.does(lambda _: threading.get_ident())
        assert number.result() == 42
        assert thread.result() != threading.get_ident()


def test_a_task_may_wait_for_an_earlier_one(con: duckdb.DuckDBPyConnection) -> None:
    """Tasks run in the order they were started, so nobody waits for ever."""
    with Beside(con) as beside:
        first = beside.does(read, 1)
        second = beside.does(lambda _, before: before.result() * 2, first)
        assert second.result(timeout=PATIENCE_SECONDS) == 84


def test_an_error_reaches_whoever_asks(con: duckdb.DuckDBPyConnection) -> None:
    """A task that fails says so where its result is needed, and the next one still runs."""
    with Beside(con) as beside:
        failed = beside.does(lambda con: con.execute("select * from nowhere"))
        with pytest.raises(duckdb.CatalogException, match="nowhere"):
            failed.result()
        assert beside.does(read, 0).result() == 41


def test_an_error_of_the_stage_ends_what_the_thread_is_at(con: duckdb.DuckDBPyConnection) -> None:
    """A stage that fails does not wait for an hour's query whose answer nobody wants."""
    running = threading.Event()

    def notice(number: int) -> int:
        running.set()
        return number

    def endless(con: duckdb.DuckDBPyConnection) -> None:
        con.create_function("notice", notice, ["bigint"], "bigint")
        con.execute("select sum(notice(i)) from range(1000000000000) as t(i)")

    def fail() -> None:
        with Beside(con) as beside:
            beside.does(endless)
            assert running.wait(timeout=PATIENCE_SECONDS)
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()


def test_two_are_worked_on_at_a_time_and_come_back_in_order() -> None:
    """Each of two waits for the other to have begun; the order is that of the items."""
    both = threading.Barrier(2)

    def met(number: int) -> int:
        both.wait(timeout=PATIENCE_SECONDS)
        return number * 10

    assert in_pairs(met, range(6)) == [0, 10, 20, 30, 40, 50]


def test_an_error_of_one_of_many_is_raised_and_the_rest_is_left() -> None:
    """Whoever asked hears of the first error, and of a long list hardly any has begun."""
    begun = []

    def fail_at_first(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError
        time.sleep(0.01)

    with pytest.raises(ValueError, match=r"^$"):
        in_pairs(fail_at_first, range(10_000))
    assert len(begun) < 10_000
