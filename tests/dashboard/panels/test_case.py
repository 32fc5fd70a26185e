"""The case page on the tiny database: its brief, a decision about all, the way back, changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import Assignment, DecisionDraft, LinkVerdict
from dashboard.cases.states import CaseState, Verdict
from tests.dashboard.harness import mask, plain_words
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
ANN = Viewer("ann")
CASE = {"id": RING}


def decide(app: AppTest, verdict: str = "INCONCLUSIVE") -> AppTest:
    """Fill the form about all ticked members, and save."""
    prefix = f"case.{RING}."
    app.segmented_control(f"{prefix}verdict").set_value(verdict)
    app.text_area(f"{prefix}note").set_value("Same device, same hour, every one of them.")
    return app.button(f"{prefix}save").click().run()


def test_the_brief_says_who_how_tied_how_sure_and_how_much(open_page: Open) -> None:
    """Each sentence leads to a section of the page that is there, or to a page."""
    app = open_page("case", CASE)
    text = plain_words(app)
    anchors = {title.proto.anchor for title in app.subheader}
    targets = set(re.findall(r"\[rows\]\(([^)]+)\)", text))
    assert {"#members", "#ties", "#money"} <= targets
    assert {one[1:] for one in targets if one.startswith("#")} <= anchors
    assert "Brushing: 2 accounts, 1 shop" in text
    assert "3 members in MY: 2 accounts and 1 shop. :small[[rows](#members)]" in text
    assert "What ties them is mostly the same devices" in text
    assert "(#ties)" in text
    assert "are more likely bad than not" in text
    assert "can still lose" in text


def test_the_money_of_the_brief_is_that_of_its_members(open_page: Open) -> None:
    """By member: what it took, who bore it, what it harmed; the sums are those of the brief."""
    app = open_page("case", CASE)
    assert "In the last 30 days it cost shops $320" in plain_words(app)
    table = next(one.value for one in app.dataframe if "taken" in one.value.columns)
    assert table["taken"].to_list()[0] == "shops $320; ranks it did not earn $117"
    assert "Lucky Bazaar" in table["name"].to_list()


def test_the_signals_of_a_member_lead_to_their_rows(open_page: Open) -> None:
    """Below the member that was chosen; one that no pack knows any more says so."""
    app = open_page("case", CASE)
    app.selectbox(key=f"case.evidence.{RING}").select("merchant:mer_1").run()
    button = next(one for one in app.button if (one.key or "").startswith("signal.merchant:mer_1"))
    button.click().run()
    assert not app.exception
    assert "T1_BRUSHING." in app.query_params["signal"]
    assert "no longer hold this signal" in " ".join(one.value for one in app.caption)


def test_what_ties_them_is_masked(open_page: Open) -> None:
    """An analyst sees enough to tell two devices apart, not the identifier."""
    tables = [table.value.to_string() for table in open_page("case", CASE).dataframe]
    assert any(mask("dev_00000001", "device") in table for table in tables)
    assert not any("dev_00000001" in table for table in tables)


def test_whoever_waits_is_decided_at_once_and_taken_back(open_page: Open) -> None:
    """One decision a member; undo leaves everybody open again."""
    app = decide(open_page("case", CASE))
    assert not app.exception
    book = open_casebook()
    made = book.cases()
    assert set(made) == {"merchant:mer_1", "buyer:buy_1"}
    assert {one.state for one in made.values()} == {CaseState.MONITORING}
    first = book.decisions("merchant", "mer_1")[0]
    assert first.batch_id == book.decisions("buyer", "buy_1")[0].batch_id
    assert "2 decisions recorded" in plain_words(app)
    app.button(f"case.{RING}.undo").click().run()
    assert {one.state for one in book.cases().values()} == {CaseState.NEW}
    assert book.decisions("merchant", "mer_1") == []
    assert book.verify() is None


def test_a_decision_without_a_verdict_is_a_sentence(open_page: Open) -> None:
    """Nothing is written, and the note is still there."""
    app = open_page("case", CASE)
    app.text_area(f"case.{RING}.note").set_value("Looked at it.")
    app.button(f"case.{RING}.save").click().run()
    assert "There is no verdict yet" in plain_words(app)
    assert app.text_area(f"case.{RING}.note").value == "Looked at it."
    assert open_casebook().cases() == {}


def test_somebody_else_decided_meanwhile(open_page: Open) -> None:
    """The page sends the versions it was drawn with; all stay undecided."""
    app = open_page("case", CASE)
    draft = {"merchant": "mer_1"}
    book = open_casebook()
    book.assign(["merchant:mer_1"], Assignment(RING), viewer=ANN)
    other = open_page("case", CASE)
    decide(other, "FALSE_POSITIVE")
    decide(app)
    assert "while you were looking at it" in plain_words(app)
    assert [len(book.decisions(kind, one)) for kind, one in draft.items()] == [1]


def test_subjects_chosen_in_the_queue_are_a_case(open_page: Open) -> None:
    """Bulk: a list of keys in the address, previewed with its members."""
    app = open_page("case", {"keys": "merchant:mer_1,buyer:buy_2"})
    assert "2 members in MY: 1 account and 1 shop" in plain_words(app)


def test_a_member_is_split_off_and_put_back(open_page: Open) -> None:
    """What an analyst moved is in its own case, by the name that was given."""
    book = open_casebook_of(open_page)
    book.assign(["buyer:buy_1"], Assignment("hnd_0123456789", "Night shift"), viewer=ANN)
    text = plain_words(open_page("case", {"id": "hnd_0123456789"}))
    assert "Night shift" in text
    assert "1 account in MY" in text
    assert "2 members in MY: 1 account and 1 shop" in plain_words(open_page("case", CASE))
    book.assign(["buyer:buy_1"], Assignment(RING), viewer=ANN)
    assert "3 members in MY" in plain_words(open_page("case", CASE))


def test_a_member_says_what_holds_it(open_page: Open) -> None:
    """Thing by thing, masked, with whether it would stay without it."""
    app = open_page("case", CASE)
    app.selectbox(f"case.evidence.{RING}").set_value("buyer:buy_1").run()
    assert not app.exception
    shown = "\n".join(table.value.to_string() for table in app.dataframe)
    assert "out of the ring" in shown
    assert "dev_00000001" not in shown


def test_who_joined_since_the_build_before_is_said(open_page: Open) -> None:
    """A ring has a past."""
    assert re.search(r"\d{4}-\d\d-\d\d: .+ joined", plain_words(open_page("case", CASE)))


def test_a_link_is_judged_by_name(open_page: Open) -> None:
    """Who said that two members are not linked stands beside the form."""
    book = open_casebook_of(open_page)
    book.judge_link(LinkVerdict("buyer:buy_1", "buyer:buy_2", "REJECTED"), viewer=ANN)
    assert "they are not linked (ann)" in plain_words(open_page("case", CASE))


def test_a_case_of_another_market_is_not_shown(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by its ring nor by keys."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    for params in (CASE, {"keys": "merchant:mer_1"}):
        assert "in your markets." in plain_words(open_page("case", params))


@pytest.mark.parametrize("case_id", ["rng_00000000ff", "hnd_00000000ff"])
def test_a_case_that_is_gone_is_a_sentence(open_page: Open, case_id: str) -> None:
    """An old link says what happened."""
    assert f"There is no case {case_id}" in plain_words(open_page("case", {"id": case_id}))


def open_casebook_of(open_page: Open):  # noqa: ANN201 - a casebook
    """The casebook of this test: the first page makes it."""
    open_page("case", CASE)
    return open_casebook()


def test_all_that_match_are_previewed_decided_and_taken_back(open_page: Open) -> None:
    """Who fits the filters, how many cases; nobody is left; one click and all wait again."""
    address = {"match": "all", "entity_type": "buyer", "typology": "T9_REFUND_ABUSE"}
    app = open_page("case", address)
    text = plain_words(app)
    assert "All that match: Buyers, Typology: Refund abuse" in text
    assert "1 subject of 1 case; 1 other of these cases do not fit and stay open." in text
    prefix = "case.match."
    app.segmented_control(f"{prefix}verdict").set_value("INCONCLUSIVE")
    app.button(f"{prefix}save").click().run()
    assert not app.exception
    book = open_casebook()
    assert set(book.cases()) == {"buyer:buy_1"}
    text = plain_words(app)
    assert "Nobody who waits fits the filters" in text
    assert "1 decision recorded" in text
    app.button(f"{prefix}undo").click().run()
    assert {one.state for one in book.cases().values()} == {CaseState.NEW}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [({}, "No filter is set"), ({"band": "LOW"}, "Nobody"), ({"status": "decided"}, "Only open")],
)
def test_what_is_no_list_to_decide_on_is_a_sentence(
    open_page: Open, address: dict[str, str], sentence: str
) -> None:
    """Without a filter it would be everybody; the decided are not decided again at once."""
    app = open_page("case", {"match": "all", **address})
    assert not app.exception
    assert sentence in plain_words(app)


def test_what_a_colleague_said_stands_in_row_and_case(open_page: Open) -> None:
    """With who, why and the note, before the next build has learnt it; the counts agree."""
    cleared = DecisionDraft(
        "buyer", "buy_1", Verdict.FALSE_POSITIVE, "k1", "T1_BRUSHING", note="One desk, two sisters."
    )
    open_page("case", CASE)
    open_casebook().decide(cleared, viewer=ANN)
    text = plain_words(open_page("case", CASE))
    assert "Earlier verdicts" in text
    assert "and 1 cleared" in text
    tables = [table.value.to_string() for table in open_page("case", CASE).dataframe]
    assert any("by ann" in table and "One desk, two sisters." in table for table in tables)
    rows = open_page("queue", {"status": "decided"}).dataframe[0].value
    assert rows["standing"].str.contains("1 cleared").any()
