"""Threads of a stage: what trains nothing goes on while models are trained, two at a time.

Reading, scoring, counting and LightGBM let go of Python's lock, so they fill two cores; what
they return is asked for by name or in its order, so no table depends on who was first.
LightGBM has one number of threads for the whole process, and breaks its memory where that changes
while something trains: every training asks for the same (docs/decisions/0003-two-at-once.md).
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pipeline.orchestration.scheduler import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    import duckdb

_T = TypeVar("_T")
_S = TypeVar("_S")


class Beside:
    """One thread with a cursor of its own; it does one task after the other.

    In that order, so a task may wait for the result of one that was started before it.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con, self._pool = con.cursor(), ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if error is not None:  # nobody will ask for what the thread is at
            self._con.interrupt()
        self._pool.shutdown()
        self._con.close()

    def does(self, task: Callable[..., _T], *args: object) -> Future[_T]:
        """Start `task(cursor, *args)` once all that was started before is done."""
        return self._pool.submit(task, self._con, *args)


def in_pairs(task: Callable[[_S], _T], items: Iterable[_S]) -> list[_T]:
    """`task` of every item, in the order of the items; two are worked on at a time.

    The first error is raised once what was started has ended, and nothing further starts.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(task, items))
