"""A live session on the investigate page: what stands out, and the way on from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import mask, plain_words, script, words
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Open = Callable[..., AppTest]

LIVE_SESSION = {"entity": "live_session:liv_1"}
ALERT = (
    "insert into alerts.alerts select * replace ('alt_9' as alert_id,"
    " 'live_session' as entity_type, 'liv_1' as entity_id, 'MY' as market,"
    " 'T2_VIEWER_INFLATION' as typology, 'signals' as lane, null as score, null as score_band,"
    " null as reason_1, null as reason_2, null as community_id)"
    " from alerts.alerts where alert_id = 'alt_1'"
)
CASE = (
    "insert into cases.members select * replace ('live_session:liv_1' as case_id,"
    " 'live_session' as entity_type, 'liv_1' as entity_id, null as ring_id, null as role,"
    " 'alt_9' as alert_id) from cases.members where alert_id = 'alt_1'"
)
NO_MODEL = (
    "insert into scores.models select * replace ('live_session' as entity_type,"
    " null as model_version, 0 as positives, 0 as negatives) from scores.models limit 1"
)


@pytest.fixture
def alerted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """`alerted(page)`: a page of a database in which the room has an open alert."""
    path = tiny.write(tmp_path / "alerted.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(ALERT)
        con.execute(CASE)
        con.execute(NO_MODEL)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))

    def run(page: str, **params: str) -> AppTest:
        app = AppTest.from_function(script, args=(page,), default_timeout=PATIENCE_SECONDS)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return run


def links(app: AppTest) -> list[str]:
    """What the page's links say, without escapes and word joiners."""
    labels = [str(getattr(link, "value", "")) for link in app.get("page_link")]
    return [label.replace("\\", "").replace("\u2060", "") for label in labels]


def bought() -> list[str]:
    """Orders of the room."""
    orders = tiny.tables()["staging.orders"]
    return [row["order_id"] for row in orders if row["live_session_id"] == "liv_1"]


def test_one_without_a_score_says_what_stands_out(open_page: Open) -> None:
    """Fired signals, the numbers behind them, their standing among peers, and what is unknown."""
    app = open_page("investigate", LIVE_SESSION)
    assert not app.exception
    text = words(app).replace("\\", "")
    assert "3 of 6 signs of a machine audience in this room" in text
    assert "more than nearly every peer" in text
    assert "Viewer inflation" in text
    assert "Orders in the first half hour: needs 5 orders in the room" in text
    assert "Compare" not in list(app.segmented_control[0].options)


def test_it_leads_to_its_host_and_merchant(open_page: Open) -> None:
    """Whose room it was and who paid are one click away, their names literal."""
    text = links(open_page("investigate", LIVE_SESSION))
    assert f"Host: {tiny.FORMULA}" in text
    assert "Shop that paid the slot: Lucky Bazaar" in text


def test_a_merchant_of_another_market_stays_nameless(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scope hides the people of other markets, and the rooms."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("investigate", {**LIVE_SESSION, "tab": "community"})
    people = app.dataframe[0].value
    assert people["name"].to_list().count("(outside your markets)") == 1
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    assert "in your markets" in words(open_page("investigate", LIVE_SESSION))


def test_its_people_spoke_or_bought(open_page: Open) -> None:
    """Accounts are listed once each, with what they did, riskiest first."""
    app = open_page("investigate", {**LIVE_SESSION, "tab": "community"})
    people = app.dataframe[0].value
    assert people["score"].is_monotonic_decreasing
    assert dict(zip(people["name"], people["comments"], strict=True))[mask("Tan | Wei")] == 1
    assert people["orders"].sum() == len(bought())
    assert "Community of its host: 4 members" in links(app)


def test_it_has_minutes_instead_of_days(open_page: Open) -> None:
    """How fast the room filled is told: 300 in each of ten minutes, then 60, are half by 35."""
    text = words(open_page("investigate", {**LIVE_SESSION, "tab": "drift"}))
    assert "Half of the 9,000 entries came in the first 35 minutes" in text


def test_its_orders_are_its_own(open_page: Open) -> None:
    """Only what was bought in it, and it is on the timeline with its orders."""
    table = open_page("investigate", {**LIVE_SESSION, "tab": "orders"}).dataframe[0].value
    assert sorted(table["order_id"]) == sorted(bought())
    lines = open_page("investigate", {**LIVE_SESSION, "tab": "timeline"}).dataframe[0].value
    assert {"Orders", "Live sessions"} <= set(lines["kind"])


def test_its_evidence_opens_under_its_sentence(open_page: Open) -> None:
    """The six signs are listed, and counting those that hold gives the stored number."""
    app = open_page("investigate", {**LIVE_SESSION, "feature": "crowd_signs"})
    assert not app.exception
    assert list(app.dataframe[0].value["sign"])
    assert "Evidence: Signs of a machine audience" in words(app).replace("\\", "")
    assert "Recomputed from these rows\\: same value" in words(app)


def test_a_host_lists_its_live_sessions_as_links(open_page: Open) -> None:
    """From a creator's sessions the name of each leads to the room."""
    app = open_page("investigate", {"entity": "creator:crt_1", "tab": "orders"})
    columns = json.loads(app.dataframe[0].proto.columns)
    assert columns["title"]["type_config"]["type"] == "button"
    assert app.dataframe[0].value["title"].to_list() == ["<img src=x onerror…"]


def test_one_with_an_alert_is_in_the_queue_and_suggests_its_typology(
    alerted: Callable[..., AppTest],
) -> None:
    """The queue filters by the fifth type; opened, the decision form starts with its typology."""
    queue = alerted("queue", entity_type="live_session")
    row = queue.dataframe[0].value.iloc[0]
    assert row["title"].startswith("Viewer inflation: live session ")
    assert row["band"].tolist() == ["No score"]
    assert "Three of six signs of a machine audience meet in this room" in plain_words(queue)
    app = alerted("investigate", **LIVE_SESSION)
    assert not app.exception
    form = app.selectbox(key="decide.live_session:liv_1.0.typology")
    assert form.value == "T2_VIEWER_INFLATION"
    assert "T14_SCAM_LIVE" in form.options or "Staged live" in form.options


def test_an_entity_type_without_a_model_says_so(alerted: Callable[..., AppTest]) -> None:
    """No empty charts where nothing was learnt: a sentence."""
    app = alerted("model", entity_type="live_session")
    assert not app.exception
    assert "nobody has judged one" in words(app)
    assert "Precision and recall" not in words(app)


def test_one_never_delivered_is_a_sentence(open_page: Open) -> None:
    """A marketplace without minutes, comments or room features still has the page."""
    gone = ("features.live_session", "staging.engagement_minutes", "staging.live_comments")
    for tab in ("why", "drift", "community", "timeline", "orders"):
        app = open_page("investigate", {**LIVE_SESSION, "tab": tab}, without=gone)
        assert not app.exception
        assert "Something went wrong" not in words(app)
