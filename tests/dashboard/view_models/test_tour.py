"""A stop of the tour as values: figures in words, links that hold, nobody said plainly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

import queries
from dashboard.state import EntityRef, InvestigateState
from dashboard.view_models import tour as view
from dashboard.view_models.tour import PARAMETER, lines, stop
from queries.tours import tour

if TYPE_CHECKING:
    import duckdb

STORIES = tour().stories
NUMBERS = range(1, len(STORIES) + 1)
BASE = "http://127.0.0.1:8501"


def stop_of(
    con: duckdb.DuckDBPyConnection, number: int, markets: tuple[str, ...] = ()
) -> view.Stop:
    """A stop over the built database."""
    return stop(partial(queries.run, con), STORIES, number, markets)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_stop_has_a_subject_and_things_to_notice(
    con: duckdb.DuckDBPyConnection, number: int
) -> None:
    """Every sentence is filled in; no brace and no unknown figure is left."""
    here = stop_of(con, number)
    assert here.subject is not None
    assert not here.problem
    assert (here.number, here.total) == (number, 5)
    assert len(here.notices) >= 2
    sentences = " ".join([here.planted, *(notice.sentence for notice in here.notices)])
    assert not set("{}") & set(sentences)
    assert " – " not in sentences


@pytest.mark.parametrize("number", NUMBERS)
def test_every_link_opens_an_entity_on_a_tab_and_knows_the_way_back(
    con: duckdb.DuckDBPyConnection, number: int
) -> None:
    """What a link holds is what Investigate reads, without a complaint."""
    here = stop_of(con, number)
    assert here.subject is not None
    params = [here.subject.params, *(notice.params for notice in here.notices)]
    params += [here.twin.subject.params] if here.twin.subject else []
    for one in params:
        state = InvestigateState.parse(one)
        assert state.entity is not None
        assert not state.problems
        assert state.tab == one["tab"]
        assert one[PARAMETER] == str(number)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_stop_without_a_subject_says_so(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Who finds nobody reads what is missing and what to do, and still the story."""
    here = stop_of(con, number, ("-",))
    assert here.subject is None
    assert here.twin.subject is None
    assert "nobody to show" in here.problem
    assert "ringfence demo" in here.remedy
    assert here.notices == ()
    assert here.happened
    assert here.clears


def test_a_sentence_with_an_unknown_figure_is_left_out() -> None:
    """Half a sentence helps nobody: without its figure it is not said."""
    figures = {"entity_type": "buyer", "entity_id": "buy_1", "disproved": 8, "copied_claims": None}
    notices = view._notices(STORIES[4], figures, 5)
    assert [notice.sentence for notice in notices] == [
        "Parcels said not to have come that the carrier delivered: 8."
    ]


def test_cases_of_the_storys_days_go_first() -> None:
    """Who was active while the story ran comes before clearer cases of other days."""
    days = [date(2026, 7, day) for day in (1, 11, 20, 30)]
    rows = pl.DataFrame({"entity_id": list("abcd"), "from_day": days, "to_day": days})
    span = {"starts_on": date(2026, 7, 11), "ends_on": date(2026, 7, 23)}
    assert view._ordered(rows, span) == ["b", "c", "a", "d"]
    assert view._ordered(rows, {"starts_on": None, "ends_on": None}) == list("abcd")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("orders", 1204, "1,204"),
        ("refund_usd", 1234.5, "$1.23K"),
        ("young_share", 0.734, "73%"),
        ("click_share", 0.008, "0.8%"),
        ("watch_seconds", 8.4, "8.4 s"),
        ("young_hours", 16.6, "16.6 h"),
        ("usual_views", 1351.4, "1,351"),
        ("usual_views", float("nan"), "–"),
        ("peak", None, "–"),
    ],
)
def test_a_figure_is_shown_in_the_unit_of_its_name(
    name: str, value: float | None, text: str
) -> None:
    """Shares, money and times read like everywhere else in the app."""
    assert view._in_words(name, value) == text


@pytest.mark.parametrize("number", NUMBERS)
def test_the_lines_of_a_terminal_hold_the_same_links(
    con: duckdb.DuckDBPyConnection, number: int
) -> None:
    """Each address leads to the tour or to an entity, and nothing else is in it."""
    here = stop_of(con, number)
    links = [word for line in lines(here, BASE) for word in line.split() if "://" in word]
    ours = [urlsplit(link) for link in links if link.startswith(BASE)]
    assert ours[0].path == "/tour"
    assert parse_qs(ours[0].query) == {"stop": [str(number)]}
    for link in ours[1:]:
        assert link.path == "/investigate"
        assert EntityRef.parse(parse_qs(link.query)["entity"][0])
    assert len(ours) >= 2


def test_a_terminal_is_not_written_to_by_a_name(con: duckdb.DuckDBPyConnection) -> None:
    """An escape sequence in a name arrives as text."""
    here = stop_of(con, 1)
    assert here.subject is not None
    row = {"entity_type": "buyer", "entity_id": "buy_1", "market": "SG", "score": 0.5}
    row |= {"name": "a\x1b[2Jb\r\nc", "score_band": "HIGH"}
    named = view._subject(row, "why", 1, "")
    printed = "\n".join(lines(replace(here, subject=named), BASE))
    assert "\x1b" not in printed
    assert "\r" not in printed
    assert "a[U+001B][2Jb" in printed


def test_nobody_is_said_in_a_terminal_too(con: duckdb.DuckDBPyConnection) -> None:
    """A stop without a subject prints the problem and its remedy."""
    printed = "\n".join(lines(stop_of(con, 1, ("-",)), BASE))
    assert "nobody to show" in printed
    assert "ringfence demo" in printed
    assert "/investigate" not in printed
