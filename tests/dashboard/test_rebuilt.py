"""A build that is put in the place of the served one: announced, and never mixed into a page."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import database_file
from dashboard.casebook import open_casebook
from tests.dashboard import tiny_database
from tests.dashboard.harness import names, opener, plain_words
from tests.dashboard.panels.investigate.test_decide import MERCHANT, decide
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

APP = str(Path(dashboard.__file__).with_name("app.py"))
RENAMED = "Lucky Bazaar the second"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file of this test's own, for it is replaced."""
    return tiny_database.write(tmp_path / "ringfence.duckdb")


@pytest.fixture
def open_page(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Pages of that file."""
    return opener(tmp_path, tmp_path, monkeypatch, database)


def rebuild(database: Path) -> None:
    """Another day, another name of the first shop; renamed over the file as a build does."""
    beside = tiny_database.write(database.with_suffix(".next"))
    with duckdb.connect(str(beside)) as con:
        con.execute("update meta.build set as_of = as_of + 7, data_fingerprint = 'new'")
        for table in ("graph.entities", "alerts.alerts"):
            con.execute(f"update {table} set name = $name where entity_id = 'mer_1'",
                        {"name": RENAMED})  # fmt: skip
    os.utime(beside, (2_000_000_000, 2_000_000_000))
    beside.replace(database)


def announced(app: AppTest, text: str = "The data were rebuilt") -> bool:
    """Whether a rerun says so before patience ends: the new file is opened beside the page."""
    end = time.monotonic() + PATIENCE_SECONDS
    while text not in plain_words(app.run()):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_an_open_page_stays_with_the_build_it_was_drawn_from(
    open_page: Callable[..., AppTest], database: Path
) -> None:
    """Every rerun of its session shows the old one whole, a new session the new one."""
    first = open_page("queue")
    before = names(first, 1)
    assert "Lucky Bazaar" in before
    rebuild(database)
    assert names(first.run(), 1) == before
    assert RENAMED in names(open_page("queue"), 1)


def test_a_decision_is_about_the_build_that_was_on_the_screen(
    open_page: Callable[..., AppTest], database: Path
) -> None:
    """Not about the one that lay there when it was saved; the next session's is about the next."""
    first = open_page("investigate", MERCHANT)
    rebuild(database)
    second = open_page("investigate", MERCHANT)
    decide(first, "FALSE_POSITIVE", [], "A real flash sale.")
    old = open_casebook().decisions("merchant", "mer_1")[0]
    assert old.data_day == tiny_database.AS_OF
    decide(second.run(), "FALSE_POSITIVE", [], "Still a real flash sale.")
    new = open_casebook().decisions("merchant", "mer_1")[0]
    assert (new.data_day - old.data_day).days == 7
    assert new.data_version != old.data_version


def test_new_data_are_announced_and_shown_when_asked_for(
    open_page: Callable[..., AppTest], database: Path
) -> None:
    """A line with both times; a click takes the whole page to the new build."""
    open_page("queue")  # sets the environment
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert "rebuilt" not in plain_words(app)
    rebuild(database)
    announcement = "The data were rebuilt at 2033-05-18 03:33 UTC; you look at those of"
    assert announced(app, announcement)
    assert RENAMED not in names(app, 1)
    app.button(key="rebuilt.show").click().run()
    assert "rebuilt" not in plain_words(app)
    assert RENAMED in names(app, 1)


def test_nobody_waits_while_the_new_file_is_opened(
    open_page: Callable[..., AppTest], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten million orders that takes seconds: the page goes on, and is told when it is open."""
    open_page("queue")
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    may_open, attach = threading.Event(), database_file.attach

    def slow(*arguments: Any) -> Any:
        may_open.wait(PATIENCE_SECONDS)
        return attach(*arguments)

    monkeypatch.setattr(database_file, "attach", slow)
    rebuild(database)
    for _ in range(2):
        assert "Lucky Bazaar" in names(app.run(), 1)
        assert "rebuilt" not in plain_words(app)
    may_open.set()
    assert announced(app)


@pytest.mark.parametrize("content", [None, b"half"])
def test_a_file_that_is_no_build_takes_nothing_from_an_open_page(
    open_page: Callable[..., AppTest], database: Path, content: bytes | None
) -> None:
    """Gone, or broken: what is open goes on, and nobody is led to what cannot be read."""
    open_page("queue")
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    database.unlink()
    if content:
        database.write_bytes(content)
    assert "Lucky Bazaar" in names(app.run(), 1)
    assert "rebuilt" not in plain_words(app)
