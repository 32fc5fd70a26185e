"""What a page asks of the casebook twice it is told once, and never what was so before a write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from dashboard.access import Viewer, acting_as
from dashboard.casebook.engine import reading
from dashboard.casebook.read_cache import caching_reads
from dashboard.cases.reviews import Sample
from dashboard.cases.states import Verdict
from tests.dashboard.casebook.drafts import ANN, draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from dashboard.casebook import Casebook

KEY = draft(Verdict.CONFIRMED, 1).entity_key


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database inside."""
    texts: list[str] = []

    def note(*said: Any) -> None:
        texts.append(said[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield texts
    event.remove(Engine, "before_cursor_execute", note)


def test_the_same_question_is_asked_once_while_a_page_is_drawn(book: Casebook) -> None:
    """Also with keys that can be gone through once, and answers that their caller changes."""
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    with caching_reads(), statements() as asked:
        first = book.decisions_of(key for key in [KEY])
        before = len(asked)
        book.decisions_of([KEY]).clear()
        assert book.decisions_of((KEY,)) == first != {}
        assert len(asked) == before > 0
    with statements() as asked:
        book.decisions_of([KEY])
        book.decisions_of([KEY])
    assert len(asked) == 2 * before


def test_what_was_written_shows_at_once(book: Casebook) -> None:
    """Of a page that writes while it is drawn the rest is of after that."""
    with caching_reads():
        heads = [book.head()]
        assert book.cases_of([KEY]) == {}
        book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
        heads.append(book.head())
        assert [*book.cases_of([KEY])] == [KEY]
        book.save_draft(KEY, {"note": "later"}, viewer=ANN)
        assert book.draft(KEY, viewer=ANN) == {"note": "later"}
    assert len({*heads}) == 2


def test_a_page_reads_in_one_transaction(book: Casebook) -> None:
    """However much it asks; outside of a page each question has its own."""
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)

    def ask() -> None:
        book.decisions_of([KEY])
        book.case_of(*KEY.split(":"))
        book.head()

    assert begun(ask) == 3
    with caching_reads():
        assert begun(ask) == 1
    with caching_reads():
        ask()
        book.save_draft(KEY, {"note": "later"}, viewer=ANN)
        assert begun(ask) == 1


def test_a_look_leaves_the_answers_as_they_are(book: Casebook) -> None:
    """The log of looks answers nothing that a page keeps: who looks is asked each time."""
    with caching_reads(), statements() as asked:
        head = book.head()
        before = len(asked)
        assert book.head() == head
        assert len(asked) == before
        book.look(KEY, viewer=Viewer("bea"))
        after = len(asked)
        assert book.head() == head
        assert len(asked) == after
        assert book.who_looks(KEY, viewer=ANN) == ["bea"]


def test_after_a_fault_a_page_reads_on(book: Casebook) -> None:
    """A question that failed takes its transaction with it, and the next begins another."""
    with caching_reads():
        book.head()
        with pytest.raises(RuntimeError), reading(book._engine):
            raise RuntimeError
        assert begun(lambda: book.decisions_of([KEY])) == 1


def test_another_thread_reads_by_itself(book: Casebook) -> None:
    """A connection is one thread's at a time, whatever page the other one draws for."""
    with caching_reads():
        book.head()
        here = copy_context()
        with ThreadPoolExecutor(1) as pool:
            ask = partial(begun, lambda: book.decisions_of([KEY]))
            assert pool.submit(here.run, ask).result() == 1


def begun(ask: Callable[[], object]) -> int:
    """How many transactions a question begins."""
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(Engine, "begin", note)
    ask()
    event.remove(Engine, "begin", note)
    return count


def test_another_reader_has_another_answer(book: Casebook) -> None:
    """Who is to judge blind is never handed what somebody else was told a moment before."""
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    quinn, sam = Viewer("quinn", "qa"), Viewer("sam", "senior")
    book.draw_reviews(Sample(1.0, 7), [], viewer=quinn)
    with caching_reads():
        with acting_as(ANN):
            assert [*book.decisions_of([KEY])] == [KEY]
        with acting_as(sam):
            assert book.decisions_of([KEY]) == {}
            assert [*book.held_back(viewer=sam)] == [KEY]
