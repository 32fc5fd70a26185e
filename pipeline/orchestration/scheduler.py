"""Run the steps of a build, two at a time where neither reads what the other writes.

Fitting and clustering keep one core busy for long, SQL both except for its last sort or the
writing of few rows: side by side they leave none idle. Each step writes tables of its own on
a cursor of its own, so which of two ends first changes no table. Of those that could start,
the one with the longest chain of steps behind it does. A step whose memory did not suffice is
run once more with nothing beside it.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from graphlib import TopologicalSorter
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    Writer = Callable[..., None]
    Around = Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[object]]
    Progress = Callable[[str, str, int], None]

AT_ONCE = 2
"""Steps side by side: a third would only wait for a core and hold memory meanwhile."""

PATIENCE_SECONDS = 0.1
"""Between two interrupts of a step: one that comes between queries is forgotten."""


@dataclass(frozen=True)
class StepTime:
    """What one step took and made."""

    step: str
    tables: int
    rows: int
    began: float
    """Seconds of a clock that only differences of mean anything."""
    ended: float
    cpu_seconds: float
    """Of the whole process; where two steps ran at once, each is charged half."""


@dataclass(frozen=True)
class StageTime:
    """What the steps of one stage took and made."""

    stage: str
    tables: int
    rows: int
    wall_seconds: float
    """From the start of its first step to the end of its last."""
    cpu_seconds: float

    @classmethod
    def of(cls, stage: str, steps: Sequence[StepTime]) -> StageTime:
        """The sum of its steps."""
        return cls(
            stage,
            sum(step.tables for step in steps),
            sum(step.rows for step in steps),
            max(step.ended for step in steps) - min(step.began for step in steps),
            sum(step.cpu_seconds for step in steps),
        )


def run(
    con: duckdb.DuckDBPyConnection,
    reads: Mapping[str, tuple[str, ...]],
    writers: Mapping[str, Writer],
    on_progress: Progress,
    alone: Around = nullcontext,
) -> tuple[StageTime, ...]:
    """Run every step after those it reads; what each stage took, in the order they ended.

    `writers[step](con, on_progress=...)` writes a step; the stage of a step is what stands
    before the first slash of its name, and `on_progress(stage, table, rows)` hears of each
    table. The first error of a step stops the other one and is raised as it is, save that of a
    step that ran out of memory: it is written once more, alone and within `alone(con)`. Raises
    graphlib.CycleError when steps read each other in a circle.
    """
    sorter, meter, running = TopologicalSorter(reads), _Meter(), _Running(con, alone)
    sorter.prepare()
    chains = _chains(reads)
    ready: list[str] = []
    done: list[StepTime] = []
    try:
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()], key=lambda step: (-chains[step], step))
            while ready and running.has_room():
                step = ready.pop(0)
                running.start(_Job(step, writers[step], meter, on_progress))
            running.start_alone()
            ended = running.first_done()
            sorter.done(*(one.step for one in ended))
            done += ended
    finally:
        running.stop()
    return _stage_times(done)


def _chains(reads: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Length of the longest chain of steps that waits for each step."""
    readers: dict[str, list[str]] = {step: [] for step in reads}
    for step, sources in reads.items():
        for source in sources:
            readers[source].append(step)

    @cache
    def length(step: str) -> int:
        return 1 + max(map(length, readers[step]), default=0)

    return {step: length(step) for step in reads}


def _stage_times(steps: Sequence[StepTime]) -> tuple[StageTime, ...]:
    def stage(step: StepTime) -> str:
        return step.step.partition("/")[0]

    groups = [list(own) for _, own in groupby(sorted(steps, key=stage), key=stage)]
    groups.sort(key=lambda own: max(step.ended for step in own))
    return tuple(StageTime.of(stage(own[0]), own) for own in groups)


class _Meter:
    """Charges the CPU seconds of the process to the steps that are running."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = time.process_time()
        self._spent: dict[str, float] = {}

    def starts(self, step: str) -> None:
        """From now on the step is charged its share."""
        with self._lock:
            self._charge()
            self._spent[step] = 0.0

    def ends(self, step: str) -> float:
        """What it was charged until now."""
        with self._lock:
            self._charge()
            return self._spent.pop(step)

    def _charge(self) -> None:
        now = time.process_time()
        for step in self._spent:
            self._spent[step] += (now - self._last) / len(self._spent)
        self._last = now


@dataclass(frozen=True)
class _Job:
    """One step and who hears of it while it runs."""

    step: str
    writer: Writer
    meter: _Meter
    on_progress: Progress
    around: Around = nullcontext

    def __call__(self, con: duckdb.DuckDBPyConnection) -> StepTime:
        made: list[int] = []

        def report(table: str, rows: int) -> None:
            made.append(rows)
            self.on_progress(self.step.partition("/")[0], table, rows)

        began = time.perf_counter()
        self.meter.starts(self.step)
        try:
            with self.around(con):
                self.writer(con, on_progress=report)
        finally:
            spent = self.meter.ends(self.step)
        return StepTime(self.step, len(made), sum(made), began, time.perf_counter(), spent)


@dataclass
class _Running:
    """The steps that are being written, each on a cursor of its own."""

    con: duckdb.DuckDBPyConnection
    alone: Around = nullcontext
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))
    steps: dict[Future[StepTime], duckdb.DuckDBPyConnection] = field(default_factory=dict)
    jobs: dict[Future[StepTime], _Job] = field(default_factory=dict)
    to_run_alone: list[_Job] = field(default_factory=list)
    """Whose memory did not suffice; the first of them may be running."""

    def has_room(self) -> bool:
        """Whether another step may start."""
        return len(self.steps) < AT_ONCE and not self.to_run_alone

    def start(self, job: _Job) -> None:
        cursor = self.con.cursor()
        future = self.pool.submit(job, cursor)
        self.steps[future], self.jobs[future] = cursor, job

    def start_alone(self) -> None:
        """Start a step that has to run alone, once nothing else does."""
        if self.to_run_alone and not self.steps:
            self.start(self.to_run_alone[0])

    def first_done(self) -> list[StepTime]:
        """Wait until one has ended, well or with its error; those that ended well."""
        ended, _ = wait(self.steps, return_when=FIRST_COMPLETED)
        done = []
        for future in ended:
            self.steps.pop(future).close()
            job = self.jobs.pop(future)
            error = future.exception()
            is_alone = job in self.to_run_alone
            if isinstance(error, duckdb.OutOfMemoryException) and not is_alone:
                self.to_run_alone.append(replace(job, around=self.alone))
                continue
            done.append(future.result())
            if is_alone:
                self.to_run_alone.remove(job)
        return done

    def stop(self) -> None:
        """Let nothing go on: what still runs is interrupted at its next query at the latest."""
        while wait(self.steps, timeout=PATIENCE_SECONDS).not_done:
            for cursor in self.steps.values():
                cursor.interrupt()
        self.pool.shutdown(cancel_futures=True)
        for cursor in self.steps.values():
            cursor.close()
