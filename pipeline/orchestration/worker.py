"""A second thread for a stage: what trains nothing goes on while a model is trained.

Training keeps one core busy, and LightGBM, which counts its threads globally, must not
train twice at once. Reading, scoring and counting let go of Python's lock, so they fill
the other core; what they return is asked for by name, so no table depends on who was first.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    import duckdb

_T = TypeVar("_T")


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
