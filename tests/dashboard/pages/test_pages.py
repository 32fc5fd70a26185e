"""Every page on a tiny real database: links, filters, gaps, and hostile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.casebook import open_casebook
from dashboard.store import data_version
from tests.dashboard import tiny_database as tiny
from tests.dashboard.pages.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}
PAGES = ["queue", "investigate", "community", "metrics", "model"]
VISITS = [
    *((name, {}) for name in PAGES),
    *(
        ("investigate", {"entity": entity, "tab": tab})
        for entity in (
            *("merchant:mer_1", "creator:crt_1", "buyer:buy_1", "product:prd_1"),
            "live_session:liv_1",
        )
        for tab in ("why", "compare", "drift", "community", "timeline", "orders")
    ),
    ("investigate", {"entity": "merchant:mer_2", "tab": "community"}),
    ("community", {"community": "com_1"}),
    ("metrics", {"metric": "refund_rate", "split": "channel", "market": "MY"}),
    ("model", {"entity_type": "buyer"}),
    ("queue", {"lane": "unproven"}),
]
FAULT = "Something went wrong"


def names(app: AppTest, table: int = 0) -> list[str]:
    """The subject column of a table of the page."""
    return list(app.dataframe[table].value["name"])


@pytest.mark.parametrize(("name", "params"), VISITS)
def test_a_page_draws_without_a_fault(open_page: Open, name: str, params: dict[str, str]) -> None:
    """Nothing on any page or panel raises, hostile names and all."""
    app = open_page(name, params)
    assert not app.exception
    assert FAULT not in words(app)


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_database_is_a_sentence(open_page: Open, name: str) -> None:
    """Tables without rows leave a page that explains itself."""
    every = [table for table in tiny.tables() if not table.startswith("meta.")]
    app = open_page(name, empty=every)
    assert not app.exception
    assert FAULT not in words(app)
    assert words(app)


@pytest.mark.parametrize(
    ("name", "params", "table"),
    [
        ("queue", {}, "alerts.alerts"),
        ("investigate", {**MERCHANT, "tab": "why"}, "explanations.contributions"),
        ("investigate", {**MERCHANT, "tab": "drift"}, "metrics.merchant_days"),
        ("investigate", {**MERCHANT, "tab": "orders"}, "staging.orders"),
        ("community", {}, "communities.communities"),
        ("metrics", {}, "metrics.days"),
        ("model", {}, "scores.models"),
    ],
)
def test_a_missing_table_is_named(
    open_page: Open, name: str, params: dict[str, str], table: str
) -> None:
    """The panel says which table it needs and how to get it."""
    shown = words(open_page(name, params, without=[table])).replace("\\", "")
    assert f"no table {table}" in shown
    assert "ringfence build" in shown


def test_a_missing_table_leaves_the_other_panels(open_page: Open) -> None:
    """Without explanations an entity still has its head and its decision form."""
    app = open_page("investigate", MERCHANT, without=["explanations.contributions"])
    shown = words(app)
    assert "Lucky Bazaar" in shown
    assert app.button(key="decide.merchant:mer_1.0.save")


def test_the_queue_lists_the_most_valuable_alert_first(open_page: Open) -> None:
    """Order is money per minute; names are literal cells."""
    app = open_page("queue")
    assert names(app)[:2] == ["Lucky Bazaar", tiny.HOSTILE_SHORT]


def test_filters_of_the_address_filter_the_table(open_page: Open) -> None:
    """A shared link shows the same rows."""
    assert names(open_page("queue", {"entity_type": "buyer"})) == [
        "abc[U+202E]gnp.exe",
        "Tan | Wei",
    ]
    assert names(open_page("queue", {"search": "lucky"})) == ["Lucky Bazaar"]
    assert len(names(open_page("queue", {"market": "SG", "band": "HIGH"}))) == 1


def test_choosing_a_filter_writes_the_address_and_starts_at_page_one(open_page: Open) -> None:
    """The address is the state: a change is in it, and the old page is not."""
    app = open_page("queue", {"page": "1", "alert": "alt_4"})
    app.selectbox(key="url.entity_type").select("creator").run()
    assert names(app) == ['=HYPERLINK("https://evil.example","x")']
    assert app.query_params["entity_type"] == "creator"
    assert "alert" not in app.query_params


def test_next_moves_the_mark(open_page: Open) -> None:
    """The marked alert is an id in the address."""
    app = open_page("queue")
    app.button(key="queue.next").click().run()
    assert app.query_params["alert"] == "alt_2"
    assert list(app.dataframe[0].value["mark"]) == ["", "►", "", "", ""]


def test_next_on_the_last_row_turns_the_page(open_page: Open) -> None:
    """The keyboard never hits a wall inside the queue."""
    app = open_page("queue", {"size": "2", "alert": "alt_2"})
    app.button(key="queue.next").click().run()
    assert app.query_params["page"] == "2"
    assert len(names(app)) == 2


def test_a_filter_that_matches_nothing_offers_a_way_out(open_page: Open) -> None:
    """Nothing found is a sentence and a button."""
    app = open_page("queue", {"search": "nobody"})
    assert "No alert matches these filters" in words(app)
    assert app.button(key="queue.clear")


def test_bad_parameters_are_named_and_ignored(open_page: Open) -> None:
    """A mangled link still opens, and says what it ignored."""
    app = open_page("queue", {"page": "-3", "band": "PURPLE", "entity_type": "'; drop table x"})
    assert not app.exception
    assert len(names(app)) == 5
    assert "was ignored" in words(app)


@pytest.mark.parametrize("entity", ["merchant:mer_9", "merchant", "<b>:x", "buyer:' or 1=1"])
def test_an_unknown_entity_has_a_way_back(open_page: Open, entity: str) -> None:
    """A stale or malformed link leads to the search, never to a trace."""
    app = open_page("investigate", {"entity": entity})
    assert not app.exception
    assert app.text_input(key="url.find") is not None
    assert names(app)[0] == "Lucky Bazaar"


def test_search_finds_by_name_and_by_id(open_page: Open) -> None:
    """Part of either will do; nothing found says so."""
    assert names(open_page("investigate", {"find": "aisy"})) == ["Aisyah"]
    assert names(open_page("investigate", {"find": "CRT_1"})) == [tiny.FORMULA]
    assert "Nothing is called" in words(open_page("investigate", {"find": "zzz"}))


def test_an_unknown_community_shows_the_list(open_page: Open) -> None:
    """Communities change from build to build, so a stale link is normal."""
    app = open_page("community", {"community": "com_gone"})
    assert "There is no community" in words(app)
    assert len(app.dataframe) == 1


def test_hostile_names_are_escaped_in_markdown(open_page: Open) -> None:
    """No name becomes a link, an image or HTML."""
    shown = words(open_page("investigate", {"entity": "merchant:mer_2", "tab": "community"}))
    assert "\\[free\\]\\(" in shown
    assert "[free](" not in shown


def test_evidence_is_one_click_away_and_in_the_address(open_page: Open) -> None:
    """The rows behind a reason open under it and recompute its value."""
    app = open_page("investigate", MERCHANT)
    app.button(key=f"evidence.{tiny.DOCUMENTED}").click().run()
    assert app.query_params["feature"] == tiny.DOCUMENTED
    assert "Recomputed from these rows\\: same value" in words(app)
    assert app.dataframe[0].value["entity_id"].to_list() == ["mer_1"]


def test_an_investigation_knows_its_place_in_the_filtered_queue(open_page: Open) -> None:
    """The way back keeps the filters, and next is the next of the same queue."""
    app = open_page("investigate", {**MERCHANT, "entity_type": "merchant"})
    assert "1 of 2 in the queue" in [link.value for link in app.get("page_link")]
    assert app.button(key="investigate.previous").disabled
    assert not app.button(key="investigate.next").disabled


def test_expanding_adds_neighbours_and_the_table_holds_them(open_page: Open) -> None:
    """The twin lists exactly the entities that are drawn."""
    params = {"entity": "buyer:buy_3", "tab": "community"}
    app = open_page("investigate", params)
    app.session_state["graph-buyer:buy_3-twin"] = True
    assert sorted(names(app.run())) == sorted([tiny.HOSTILE_SHORT, "Tan | Wei"])
    slot = f"graph-buyer:buy_3-expanded-{data_version()}"
    app.session_state[slot] = ["merchant:mer_2"]
    assert "Lucky Bazaar" in names(app.run())


def decide(app: AppTest, verdict: str, reasons: list[str], note: str) -> AppTest:
    """Fill in the form of merchant mer_1 and save it."""
    key = "decide.merchant:mer_1.0."
    app.get_by_key(f"{key}verdict").set_value(verdict)
    app.multiselect(key=f"{key}reasons.T1_BRUSHING").set_value(reasons)
    if verdict == "CONFIRMED":
        app.selectbox(key=f"{key}action.T1_BRUSHING").set_value("SETTLEMENT_DEFER")
    app.text_area(key=f"{key}note").set_value(note)
    return app.button(key=f"{key}save").click().run()


def test_a_decision_is_saved_shown_audited_and_leaves_the_queue(open_page: Open) -> None:
    """The whole loop, and again after a reload."""
    app = open_page("investigate", MERCHANT)
    decide(app, "CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "Five stars within the hour, 40 times.")
    assert not app.exception
    assert [message.value for message in app.success] == ["Decision recorded and audited."]
    for shown in (words(app), words(open_page("investigate", MERCHANT))):
        assert "Confirmed, brushing" in shown
        assert "Five stars within the hour" in shown
        assert "Decide by analyst" in shown
    assert "Lucky Bazaar" not in names(open_page("queue"))
    assert names(open_page("queue", {"status": "decided"})) == ["Lucky Bazaar"]
    assert len(names(open_page("queue", {"status": "all"}))) == 5


def test_a_verdict_without_its_reasons_is_refused_in_words(open_page: Open) -> None:
    """The form keeps what was typed and the casebook stays empty."""
    app = open_page("investigate", MERCHANT)
    decide(app, "CONFIRMED", [], "Looks bad to me.")
    assert "needs at least one reason code" in words(app)
    assert app.text_area(key="decide.merchant:mer_1.0.note").value == "Looks bad to me."
    assert open_casebook().decisions("merchant", "mer_1") == []


def test_of_two_analysts_the_second_is_told(open_page: Open) -> None:
    """A form drawn before somebody else's decision cannot overwrite it."""
    first, second = open_page("investigate", MERCHANT), open_page("investigate", MERCHANT)
    decide(first, "FALSE_POSITIVE", [], "A real flash sale.")
    decide(second, "CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "Five stars within the hour.")
    assert "was changed by analyst" in words(second).replace("\\", "")
    assert len(open_casebook().decisions("merchant", "mer_1")) == 1


def test_a_viewer_may_look_but_not_decide(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is not drawn for a role that may not decide."""
    monkeypatch.setenv("RINGFENCE_ROLE", "viewer")
    app = open_page("investigate", MERCHANT)
    assert "may look, not decide" in words(app)
    assert not app.text_area


def test_a_market_scope_narrows_every_page(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queue, search, graph and deep links show nothing of another market."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    assert names(open_page("queue")) == [tiny.HOSTILE_SHORT, "Tan | Wei"]
    assert "outside your markets" in words(open_page("investigate", MERCHANT))
    shown = words(open_page("investigate", {"entity": "merchant:mer_2", "tab": "community"}))
    assert "Lucky Bazaar" not in shown
    assert "Lucky Bazaar" not in names(open_page("metrics"), 1)


def test_slices_of_a_split_stand_beside_the_chart(open_page: Open) -> None:
    """The table twin has a row per slice."""
    app = open_page("metrics", {"split": "market", "since": "2026-04-16", "until": "2026-04-30"})
    assert app.dataframe[0].value["slice"].to_list() == ["MY", "SG"]
    assert app.dataframe[0].value["change"].notna().all()


def test_identifiers_are_masked(open_page: Open) -> None:
    """An analyst sees enough to tell two devices apart, not the identifier."""
    app = open_page("community", {"community": "com_1"})
    tables = [table.value for table in app.dataframe]
    assert any("dev_…0001" in table.to_string() for table in tables)
    assert not any("dev_00000001" in table.to_string() for table in tables)


@pytest.mark.parametrize(
    ("page", "params", "name"),
    [
        ("metrics", {"split": "nope"}, "split"),
        ("metrics", {"market": "ZZ"}, "market"),
        ("metrics", {"since": "2026-99-99"}, "days"),
        ("model", {"entity_type": "alien"}, "entity_type"),
        ("community", {"sort": "nope"}, "sort"),
    ],
)
def test_every_page_names_what_it_ignores(
    open_page: Callable[..., AppTest], page: str, params: dict[str, str], name: str
) -> None:
    """A bad parameter is a sentence on every page, not a silent default."""
    shown = words(open_page(page, params)).replace("\\", "")
    assert f"The link's {name}" in shown
    assert "ignored." in shown


def test_a_refused_form_outlives_the_session(open_page: Callable[..., AppTest]) -> None:
    """What was typed into a refused decision is there again in another session."""
    subject = {"entity": "merchant:mer_1"}
    app = open_page("investigate", subject)
    note = app.text_area[0]
    note.set_value("half a thought")
    next(button for button in app.button if "Save decision" in button.label).click()
    app.run()
    again = open_page("investigate", subject)
    assert again.text_area[0].value == "half a thought"
    assert "You left this unfinished" in words(again)


def test_an_investigation_needs_no_alerts(open_page: Callable[..., AppTest]) -> None:
    """Without the alerts table everything but the priority is there, and that says why."""
    app = open_page("investigate", {"entity": "merchant:mer_1"}, without=("alerts.alerts",))
    shown = words(app).replace("\\", "")
    assert "no table alerts.alerts" in shown
    assert "Raises the score" in shown
