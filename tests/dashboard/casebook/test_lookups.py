"""What is asked for some entities costs as much in a casebook of years as in a new one."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from dashboard.access import Viewer
from dashboard.casebook.book import Casebook
from dashboard.casebook.engine import open_engine, reading, writing
from dashboard.casebook.lookups import AT_ONCE, Waits, lookups
from dashboard.casebook.schema import cases
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import CaseState, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

MANY = 20_000
LAST = date(2026, 12, 1)
ASKED = [f"merchant:mer_{number}" for number in range(AT_ONCE + 100)]
TRIES = 7


def engine_with(path: Path, count: int, state: CaseState = CaseState.CLOSED) -> Engine:
    """A casebook of that many cases, those that are asked for first, the last to review first."""
    engine, then = open_engine(f"sqlite:///{path}"), datetime(2026, 1, 1)  # noqa: DTZ001
    rows = [
        {
            "case_id": f"cas_{number}", "entity_type": "merchant", "entity_id": f"mer_{number}",
            "state": state.value, "assignee": "", "version": 1, "opened_at": then,
            "changed_at": then, "changed_by": "ann",
            "review_on": None if number == 1 else LAST - timedelta(days=number),
        }
        for number in range(count)
    ]  # fmt: skip
    with writing(engine) as con:
        con.execute(insert(cases), rows)
    return engine


def cost(book: Casebook) -> float:
    """CPU seconds of a lookup, the least of some tries."""
    spent = []
    for _ in range(TRIES):
        before = time.process_time()
        assert len(book.cases_of(ASKED)) == len(ASKED)
        spent.append(time.process_time() - before)
    return min(spent)


def test_the_cost_is_that_of_the_keys_not_of_the_book(tmp_path: Path) -> None:
    """Thirty times as many cases, the same few asked for: less than twice the CPU."""
    small = Casebook(engine_with(tmp_path / "small.sqlite", len(ASKED)))
    large = Casebook(engine_with(tmp_path / "large.sqlite", MANY))
    assert cost(large) < 2.0 * cost(small)


def test_every_lookup_is_answered_by_the_index(tmp_path: Path) -> None:
    """SQLite's own plan scans nothing."""
    engine = engine_with(tmp_path / "casebook.sqlite", 10)
    for query in lookups(["merchant:mer_1", "buyer:buy:with:colons"]):
        text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
        with reading(engine) as con:
            plan = con.exec_driver_sql(f"explain query plan {text}").fetchall()
        assert "USING INDEX one_case_per_entity" in plan[0][-1]


def test_the_decisions_of_some_entities_are_theirs_in_order(tmp_path: Path) -> None:
    """Each under its key, oldest first; nobody else's."""
    book, ann = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}")), Viewer("ann")
    for key, entity_id in (("one", "mer_1"), ("two", "mer_2"), ("three", "mer_1")):
        draft = DecisionDraft("merchant", entity_id, Verdict.FALSE_POSITIVE, key, note=key)
        book.decide(draft, viewer=ann)
    made = book.decisions_of(["merchant:mer_1", "buyer:mer_2", "merchant:mer_3"])
    assert {key: [one.note for one in own] for key, own in made.items()} == {
        "merchant:mer_1": ["one", "three"]
    }


def test_keys_are_answered_by_type_and_id(tmp_path: Path) -> None:
    """An id may hold a colon; whoever has no case is left out; nobody asked is nobody."""
    book = Casebook(engine_with(tmp_path / "casebook.sqlite", 3))
    assert set(book.cases_of(["merchant:mer_2", "buyer:mer_1", "merchant:mer:2"])) == {
        "merchant:mer_2"
    }
    assert book.cases_of([]) == {}


def test_the_head_moves_with_every_write(tmp_path: Path) -> None:
    """What is cached by it is never older than the last write."""
    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"))
    heads = [book.head()]
    for number in range(3):
        draft = DecisionDraft("buyer", f"buy_{number}", Verdict.FALSE_POSITIVE, f"key-{number}")
        book.decide(draft, viewer=Viewer("ann"))
        heads.append(book.head())
    assert len(set(heads)) == 4


def test_what_waits_comes_in_pages_the_next_review_first(tmp_path: Path) -> None:
    """Each once over all pages, without a day last, those with something new about them nowhere."""
    book = Casebook(engine_with(tmp_path / "casebook.sqlite", 7, CaseState.MONITORING))
    waits = Waits(CaseState.MONITORING, without=("merchant:mer_3", "buyer:mer_5"))
    pages = [book.waiting(waits, limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [list(page) for page in pages] == [
        [f"merchant:mer_{number}" for number in (6, 5, 4, 2)],
        ["merchant:mer_0", "merchant:mer_1"],
        [],
    ]
    assert book.waiting_keys(waits) == [key for page in pages for key in page]
    assert book.waiting_count(waits) == 6
    assert book.waiting_count(Waits(CaseState.PROPOSED)) == 0


def test_a_page_of_what_waits_costs_a_part_of_all_of_it(tmp_path: Path) -> None:
    """A page and the number of all, in under a quarter of the CPU of reading all."""
    count = 4_000
    book = Casebook(engine_with(tmp_path / "casebook.sqlite", count, CaseState.PROPOSED))
    waits = Waits(CaseState.PROPOSED)
    spent = {}
    for limit in (25, count):
        tries = []
        for _ in range(3):
            before = time.process_time()
            assert len(book.waiting(waits, limit=limit)) == limit
            assert book.waiting_count(waits) == count
            tries.append(time.process_time() - before)
        spent[limit] = min(tries)
    assert spent[25] < spent[count] / 4
