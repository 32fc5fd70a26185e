"""Answers of the casebook while one page is drawn: the parts of a page ask the same of it.

A write forgets them all, so that whatever is drawn after it shows it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from dashboard.access import viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S")
_ANSWERS: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("answers", default=None)


@contextmanager
def caching_reads() -> Iterator[None]:
    """Inside, what is asked again has the answer of the first time."""
    if _ANSWERS.get() is not None:
        yield
        return
    token = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def forget_reads() -> None:
    """Something was written: every answer may be another one now."""
    answers = _ANSWERS.get()
    if answers is not None:
        answers.clear()


def cached_read(method: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
    """A method of the casebook, or what is made of its answers, kept while a page is drawn.

    It is kept for the one who reads it. Each caller has a list or dictionary of its own; what is
    in there is nobody's to change.
    """

    def answered(subject: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        answers = _ANSWERS.get()
        if answers is None:
            return method(subject, *args, **kwargs)
        frozen = [one if isinstance(one, str) else _frozen(one) for one in args]
        named = [(name, _frozen(one)) for name, one in sorted(kwargs.items())]
        question = (subject, method.__qualname__, viewer(), *frozen, *named)
        if question not in answers:
            answers[question] = method(subject, *frozen, **kwargs)  # type: ignore[arg-type]
        answer: _R = copy(answers[question])
        return answer

    update_wrapper(answered, method)
    return answered


def _frozen(value: Any) -> Any:
    """An argument that can be asked for again: of keys a tuple, which a generator is only once."""
    return tuple(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value
