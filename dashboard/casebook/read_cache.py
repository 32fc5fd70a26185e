"""Answers of the casebook while one page is drawn: the parts of a page ask the same of it.

What they ask besides is read in one transaction. A write forgets and ends it all, so that
whatever is drawn after it shows it, and nobody waits for a connection while they hold one.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from copy import copy
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from dashboard.access import viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from contextlib import AbstractContextManager

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S")


class _Run:
    """What one run of a page was told, and the transaction it reads in."""

    def __init__(self) -> None:
        self.answers: dict[tuple[Any, ...], Any] = {}
        self.thread = threading.get_ident()
        self._open = ExitStack()
        self._transactions: dict[Any, Any] = {}

    def transaction(self, of: Hashable, begin: Callable[[], AbstractContextManager[_R]]) -> _R:
        """The transaction of a database, begun by the first who reads."""
        if of not in self._transactions:
            self._transactions[of] = self._open.enter_context(begin())
        con: _R = self._transactions[of]
        return con

    def end(self) -> None:
        """Let go of every connection; one that is gone by now has given its answers."""
        self._transactions.clear()
        with suppress(SQLAlchemyError):
            self._open.close()


_RUN: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def caching_reads() -> Iterator[None]:
    """Inside, what is asked again has the answer of the first time."""
    if _RUN.get() is not None:
        yield
        return
    run = _Run()
    token = _RUN.set(run)
    try:
        yield
    finally:
        _RUN.reset(token)
        run.end()


@contextmanager
def reading_once(of: Hashable, begin: Callable[[], AbstractContextManager[_R]]) -> Iterator[_R]:
    """The read transaction of the run that is drawn; outside of one, one of its own.

    After an error it is another: a statement that failed may have spoilt it.
    """
    run = _RUN.get()
    if run is None or run.thread != threading.get_ident():
        with begin() as con:
            yield con
        return
    try:
        yield run.transaction(of, begin)
    except BaseException:
        run.end()
        raise


def end_transaction() -> None:
    """Something is to be written: by another connection, beside which none is held."""
    run = _RUN.get()
    if run is not None:
        run.end()


def forget_reads() -> None:
    """Something was written: every answer may be another one now."""
    run = _RUN.get()
    if run is not None:
        run.answers.clear()


def cached_read(method: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
    """A method of the casebook, or what is made of its answers, kept while a page is drawn.

    It is kept for the one who reads it. Each caller has a list or dictionary of its own; what is
    in there is nobody's to change.
    """

    def answered(subject: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        run = _RUN.get()
        if run is None:
            return method(subject, *args, **kwargs)
        frozen = [one if isinstance(one, str) else _frozen(one) for one in args]
        named = [(name, _frozen(one)) for name, one in sorted(kwargs.items())]
        question = (subject, method.__qualname__, viewer(), *frozen, *named)
        if question not in run.answers:
            run.answers[question] = method(subject, *frozen, **kwargs)  # type: ignore[arg-type]
        answer: _R = copy(run.answers[question])
        return answer

    update_wrapper(answered, method)
    return answered


def _frozen(value: Any) -> Any:
    """An argument that can be asked for again: of keys a tuple, which a generator is only once."""
    return tuple(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value
