"""Run the stages of a build, two at a time where neither reads what the other writes.

Fitting and clustering keep one core busy for long, SQL both: side by side they leave
none idle. Each stage writes a schema of its own on a cursor of its own, so which of two
ends first changes no table. The tables of one SQL stage are run the same way.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Writer = Callable[..., None]

AT_ONCE = 2
"""Stages side by side: a third would only wait for a core and hold memory meanwhile."""

PATIENCE_SECONDS = 0.1
"""Between two interrupts of a stage: one that comes between queries is forgotten."""

_HALTED: ContextVar[Event | None] = ContextVar("_HALTED", default=None)
"""Of the schedule around this one: an interrupt reaches a stage, not the tables it runs."""


@dataclass(frozen=True)
class StageTime:
    """What one stage took and made."""

    stage: str
    tables: int
    rows: int
    wall_seconds: float
    cpu_seconds: float
    """Of the whole process; where two stages ran at once, each is charged half."""


def run(
    con: duckdb.DuckDBPyConnection,
    order: tuple[str, ...],
    reads: Mapping[str, tuple[str, ...]],
    writers: Mapping[str, Writer],
    on_progress: Callable[[str, str, int], None],
    wide: Collection[str] = (),
) -> tuple[StageTime, ...]:
    """Run every stage of `order` after those it reads; what each took, in that order.

    `writers[stage](con, on_progress=...)` writes a stage. No two of the `wide` ones, which
    keep every core busy by themselves, run at once. The first error of a stage stops the
    other one and is raised as it is. A stage may run a schedule of its own, which stops with
    the one around it (duckdb.InterruptException).
    """
    meter, running = _Meter(), _Running(con)
    done: dict[str, StageTime] = {}
    waiting = list(order)
    try:
        while waiting or running.stages:
            for stage in [one for one in waiting if done.keys() >= set(reads[one])]:
                if running.fits(stage, wide):
                    waiting.remove(stage)
                    running.start(_Job(stage, writers[stage], meter, on_progress))
            done |= {told.stage: told for told in running.first_done()}
    finally:
        running.stop()
    return tuple(done[stage] for stage in order)


class _Meter:
    """Charges the CPU seconds of the process to the stages that are running."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = time.process_time()
        self._spent: dict[str, float] = {}

    def starts(self, stage: str) -> None:
        """From now on the stage is charged its share."""
        with self._lock:
            self._charge()
            self._spent[stage] = 0.0

    def ends(self, stage: str) -> float:
        """What it was charged until now."""
        with self._lock:
            self._charge()
            return self._spent.pop(stage)

    def _charge(self) -> None:
        now = time.process_time()
        for stage in self._spent:
            self._spent[stage] += (now - self._last) / len(self._spent)
        self._last = now


@dataclass(frozen=True)
class _Job:
    """One stage and what is told of it while it runs."""

    stage: str
    writer: Writer
    meter: _Meter
    on_progress: Callable[[str, str, int], None]

    def __call__(self, con: duckdb.DuckDBPyConnection) -> StageTime:
        made: list[int] = []

        def report(table: str, rows: int) -> None:
            made.append(rows)
            self.on_progress(self.stage, table, rows)

        start = time.perf_counter()
        self.meter.starts(self.stage)
        try:
            self.writer(con, on_progress=report)
        finally:
            spent = self.meter.ends(self.stage)
        return StageTime(self.stage, len(made), sum(made), time.perf_counter() - start, spent)


@dataclass
class _Running:
    """The stages that are being written, each on a cursor of its own."""

    con: duckdb.DuckDBPyConnection
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))
    stages: dict[Future[StageTime], duckdb.DuckDBPyConnection] = field(default_factory=dict)
    names: dict[Future[StageTime], str] = field(default_factory=dict)
    halted: Event = field(default_factory=Event)
    around: Event | None = field(default_factory=_HALTED.get)

    def fits(self, stage: str, wide: Collection[str]) -> bool:
        """Whether there is room for it beside what runs."""
        is_crowded = stage in wide and any(name in wide for name in self.names.values())
        return len(self.stages) < AT_ONCE and not is_crowded

    def start(self, job: _Job) -> None:
        cursor, context = self.con.cursor(), copy_context()
        context.run(_HALTED.set, self.halted)
        future = self.pool.submit(context.run, job, cursor)
        self.stages[future], self.names[future] = cursor, job.stage

    def first_done(self) -> list[StageTime]:
        """Wait until one has ended, well or with its error, or until the schedule around stops."""
        patience = None if self.around is None else PATIENCE_SECONDS
        ended, _ = wait(self.stages, timeout=patience, return_when=FIRST_COMPLETED)
        if self.around is not None and self.around.is_set():
            raise duckdb.InterruptException("The stage was stopped.")
        for future in ended:
            self.stages.pop(future).close()
            self.names.pop(future)
        return [future.result() for future in ended]

    def stop(self) -> None:
        """Let nothing go on: what still runs is interrupted at its next query at the latest."""
        self.halted.set()
        while wait(self.stages, timeout=PATIENCE_SECONDS).not_done:
            for cursor in self.stages.values():
                cursor.interrupt()
        self.pool.shutdown(cancel_futures=True)
        for cursor in self.stages.values():
            cursor.close()
