"""Answers of queries, kept for whoever asks the same of the same file."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import polars as pl

MOST = 512
"""Answers of one file that are kept."""
_T = TypeVar("_T")


class Answers:
    """The answers of one source, those asked for last; who asks at the same time waits for one.

    Not Streamlit's cache: it makes a digest of two dozen keys anew at each of thirty reads of a
    page, and an answer is shared here, so nothing is pickled.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def of(self, question: Hashable, make: Callable[[], _T]) -> _T:
        """The answer to a query and its parameters; an error is raised, and kept for nobody."""
        with self._lock:
            answer: Future[_T] | None = self._kept.get(question)
            is_first = answer is None
            if answer is None:
                answer = self._kept[question] = Future()
            self._kept.move_to_end(question)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        if is_first:
            self._fill(question, answer, make)
        return answer.result()

    def _fill(self, question: Hashable, answer: Future[_T], make: Callable[[], _T]) -> None:
        try:
            answer.set_result(make())
        except BaseException as error:
            with self._lock:
                self._kept.pop(question, None)
            answer.set_exception(error)
            raise


class Parts:
    """The rows of a frame by the value of one column, without that column."""

    def __init__(self, rows: pl.DataFrame, by: str) -> None:
        self._rows = rows.partition_by(by, as_dict=True, include_key=False) if len(rows) else {}
        self._none = rows.clear().drop(by)

    def of(self, value: object) -> pl.DataFrame:
        """The rows of one value in the order of the frame, none of an unknown one."""
        return self._rows.get((value,), self._none)
