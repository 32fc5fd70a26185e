"""The table of one page of cases, the marked one, and what the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components import triage
from tests.dashboard.harness import mask, plain_words, titles, words
from tests.dashboard.tiny_entities import OVERRIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_queue_lists_the_most_valuable_case_first(open_page: Open) -> None:
    """Order is money per minute; a ring is one row, and both counts are said."""
    app = open_page("queue")
    first, second, *_ = titles(app)
    assert first == "Brushing: 2 accounts, 1 shop"
    assert second.startswith("Refund abuse: merchant <img src=x")
    assert app.dataframe[0].value["standing"][1].startswith("Confirmed bad on ")
    assert "4 cases, 5 alerts" in words(app)


def test_whoever_waits_in_a_ring_is_listed_under_it(open_page: Open) -> None:
    """Those with an alert alone; of a single subject its reasons stand there."""
    app = open_page("queue")
    assert list(app.dataframe[1].value["name"]) == ["Lucky Bazaar", mask(OVERRIDE)]
    single = open_page("queue", {"case": "merchant:mer_2"})
    assert len(single.dataframe) == 1
    assert "Orders 1h max 30d" in words(single)


def test_next_moves_the_mark(open_page: Open) -> None:
    """The marked case is an id in the address."""
    app = open_page("queue")
    app.button(key="queue.next").click().run()
    assert app.query_params["case"] == "merchant:mer_2"
    assert list(app.dataframe[0].value["mark"]) == ["", "►", "", ""]


def test_the_mark_goes_on_over_the_border_of_a_page(open_page: Open) -> None:
    """Forth to the first row of the next page, and back to the last of this one."""
    app = open_page("queue", {"size": "2", "case": "merchant:mer_2"})
    app.button(key="queue.next").click().run()
    assert (app.query_params["page"], app.query_params["case"]) == ("2", "creator:crt_1")
    app.button(key="queue.previous").click().run()
    assert "page" not in app.query_params
    assert list(app.dataframe[0].value["mark"]) == ["", "►"]


def test_what_today_reaches_is_a_line_in_the_days_order(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another order there is none; a variable says how much a day has."""
    monkeypatch.setenv("RINGFENCE_TEAM_MINUTES", "40")
    assert titles(open_page("queue"))[1] == "──── today's 1 hour reach here ────"
    assert len(titles(open_page("queue", {"sort": "age"}))) == 4


def test_a_filter_that_matches_nothing_offers_a_way_out(open_page: Open) -> None:
    """Nothing found is a sentence and a button."""
    app = open_page("queue", {"search": "nobody"})
    assert "No alert matches these filters" in words(app)
    assert app.button(key="queue.clear")


def test_the_queue_leads_to_the_unproven(open_page: Open) -> None:
    """One quiet line under the cases, and back again."""
    app = open_page("queue")
    app.button(key="queue.unproven").click().run()
    assert app.query_params["lane"] == "unproven"


def test_an_empty_queue_without_filters_leads_to_who_waits(open_page: Open) -> None:
    """No filter is set, so none is offered to be cleared; the unproven are one click away."""
    app = open_page("queue", empty={"alerts.alerts"})
    assert "No alert is open." in plain_words(app)
    assert "Clear filters" not in [button.label for button in app.button]
    app.button(key="queue.unproven").click().run()
    assert app.query_params["lane"] == "unproven"
    assert len(app.dataframe)


def test_a_case_is_taken_with_everybody_in_it(open_page: Open) -> None:
    """One key, one audited step for each who waits; the list can be narrowed to it."""
    app = open_page("queue")
    app.button(key="queue.assign").click().run()
    assert app.dataframe[0].value["standing"][0] == "analyst has 2 of it"
    mine = open_page("queue", {"assignee": "analyst"})
    assert titles(mine) == ["Brushing: 2 accounts, 1 shop"]


def test_a_snoozed_case_waits_on_its_own_list(open_page: Open) -> None:
    """It leaves the open ones until its day; whoever wakes it before finds it there again."""
    assert len(titles(open_page("queue"))) == 4
    triage.snooze(["merchant:mer_2"], 3, "Refunds are not in yet.")
    assert len(titles(open_page("queue"))) == 3
    (snoozed,) = titles(open_page("queue", {"status": "snoozed"}))
    assert snoozed.startswith("Refund abuse: merchant")
    triage.wake(["merchant:mer_2"])
    assert len(titles(open_page("queue"))) == 4


def test_a_viewer_neither_takes_nor_snoozes(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may not decide is offered nothing that writes."""
    monkeypatch.setenv("RINGFENCE_ROLE", "viewer")
    keys = {str(button.key) for button in open_page("queue").button}
    assert not {"queue.assign", "queue.snooze", "queue.views"} & keys
