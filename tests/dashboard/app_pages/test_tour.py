"""The tour's page on the small marketplace: one stop at a time, and nobody's name runs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text import md_escape
from queries.tours import tour
from tests.casebooks import empty_casebook
from tests.dashboard.harness import script, words
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.build import Report

    Open = Callable[..., AppTest]

FAULT = "Something went wrong"
STORIES = tour().stories


@pytest.fixture
def visit(built: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """`visit(page, database=None, **params)` runs a page of the app on the small marketplace."""

    def run(page: str, database: Path | None = None, **params: str) -> AppTest:
        monkeypatch.setenv("RINGFENCE_DATABASE", str(database or built.database))
        monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))
        app = AppTest.from_function(script, args=(page,), default_timeout=PATIENCE_SECONDS)
        for key, value in params.items():
            app.query_params[key] = value
        return app.run()

    return run


@pytest.fixture
def spoilt(built: Report, tmp_path: Path) -> Callable[[str], Path]:
    """`spoilt(statement)`: a copy of the built database after one statement."""

    def run(statement: str) -> Path:
        copy = tmp_path / "ringfence.duckdb"
        shutil.copy(built.database, copy)
        with duckdb.connect(str(copy)) as con:
            con.execute(statement)
        return copy

    return run


def test_one_stop_at_a_time(visit: Open) -> None:
    """The first stop is open, its title is there and no other one's."""
    text = words(visit("tour"))
    assert FAULT not in text
    titles = [md_escape(story.title) in text for story in STORIES]
    assert titles == [True, False, False, False, False]
    assert "Stop 1 of 5" in text


def test_next_and_previous_walk_the_stops(visit: Open) -> None:
    """Next goes on by one until the last, Previous back; the address says where one is."""
    app = visit("tour")
    assert app.button(key="tour.previous").disabled
    for number in range(2, 6):
        app.button(key="tour.next").click().run()
        assert app.query_params["stop"] == str(number)
        assert md_escape(STORIES[number - 1].title) in words(app)
    assert app.button(key="tour.next").disabled
    assert md_escape(tour().closing.title) in words(app)
    app.button(key="tour.previous").click().run()
    assert app.query_params["stop"] == "4"


def test_a_stop_is_a_deep_link(visit: Open) -> None:
    """`?stop=3` opens the third story."""
    app = visit("tour", stop="3")
    assert md_escape(STORIES[2].title) in words(app)
    assert "Stop 3 of 5" in words(app)


@pytest.mark.parametrize("stop", ["9", "0", "three", "<script>"])
def test_a_bad_stop_is_named_and_the_first_is_shown(visit: Open, stop: str) -> None:
    """What is no stop becomes a sentence, never a fault."""
    text = words(visit("tour", stop=stop))
    assert "is not a choice here" in text
    assert "Stop 1 of 5" in text
    assert FAULT not in text


def test_every_stop_offers_its_subject(visit: Open) -> None:
    """Each of the five has the button that opens Investigate, and a twin to compare with."""
    for number in range(1, 6):
        app = visit("tour", stop=str(number))
        assert app.button(key="tour.open")
        assert "Compare with an honest look-alike" in words(app)
        assert not app.exception


def test_without_the_stories_a_stop_says_what_is_missing(
    visit: Open, spoilt: Callable[[str], Path]
) -> None:
    """Nobody to show is a sentence with a remedy; the story can still be read."""
    app = visit("tour", spoilt("delete from graph.entities"))
    text = words(app).replace("\\", "")
    assert "nobody to show" in text
    assert "ringfence demo" in text
    assert "What would clear it" in text
    assert not [button for button in app.button if button.key == "tour.open"]


def test_a_hostile_name_is_text(visit: Open, spoilt: Callable[[str], Path]) -> None:
    """Markup of subjects and of look-alikes stays what was typed; of buyers stands a mask."""
    name = "<script>alert(1)</script> ![x](https://x.invalid/a.png)"
    quoted = name.replace("'", "''")
    database = spoilt(f"update graph.entities set name = '{quoted}'")
    stops = [words(visit("tour", database, stop=str(number))) for number in range(1, 6)]
    assert sum(md_escape(name, length=48) in text for text in stops) >= 3
    for text in stops:
        assert md_escape(name, length=48) in text or "Buyer · " in text
        assert "](https" not in text
        assert FAULT not in text


def test_another_market_is_not_shown(
    visit: Open, monkeypatch: pytest.MonkeyPatch, built: Report
) -> None:
    """A viewer's scope narrows the tour like every other page."""
    with duckdb.connect(str(built.database), read_only=True) as con:
        rows = con.execute("select name from graph.entities where market <> 'SG'").fetchall()
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    for number in range(1, 6):
        text = words(visit("tour", stop=str(number)))
        named = {line.split("**")[1] for line in text.splitlines() if line.count("**") == 2}
        assert not {md_escape(row[0], length=48) for row in rows} & named - _twins(built)


def _twins(built: Report) -> set[str]:
    """Names that occur in Singapore as well: two people may be called the same."""
    with duckdb.connect(str(built.database), read_only=True) as con:
        rows = con.execute("select name from graph.entities where market = 'SG'").fetchall()
    return {md_escape(row[0], length=48) for row in rows}


def test_a_database_without_these_tables_names_one(open_page: Open) -> None:
    """A team's own scored tables may lack what the stories measure: it says which."""
    text = words(open_page("tour")).replace("\\", "")
    assert "no table" in text
    assert "ringfence build" in text


def test_a_first_visit_of_the_queue_invites_to_the_tour(open_page: Open) -> None:
    """Until somebody decides something, and whenever nothing matches, the tour is a click away."""
    for params in ({}, {"search": "nobody is called this"}):
        links = [link.label for link in open_page("queue", params).get("page_link")]
        assert any("Take the tour" in label for label in links)


def test_later_the_queue_is_quiet(open_page: Open) -> None:
    """Once there is a case the queue no longer invites."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    app.get_by_key("decide.merchant:mer_1.0.verdict").set_value("FALSE_POSITIVE")
    app.text_area(key="decide.merchant:mer_1.0.note").input("A real flash sale.")
    app.button(key="decide.merchant:mer_1.0.save").click().run()
    assert not any("tour" in link.label for link in open_page("queue").get("page_link"))
