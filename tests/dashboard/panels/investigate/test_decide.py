"""A decision: recorded, audited, refused in words, never lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from queries.vocabulary import NEW_PATTERN
from tests.dashboard.harness import names, plain_words, words
from tests.dashboard.tiny_entities import AS_OF, DAYS
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def decide(app: AppTest, verdict: str, reasons: list[str], note: str) -> AppTest:
    """Fill in the form of merchant mer_1 and save it."""
    key = "decide.merchant:mer_1.0."
    app.get_by_key(f"{key}verdict").set_value(verdict)
    app.multiselect(key=f"{key}reasons.T1_BRUSHING").set_value(reasons)
    if verdict == "CONFIRMED":
        app.selectbox(key=f"{key}action.T1_BRUSHING").set_value("SETTLEMENT_DEFER")
        app.checkbox(key=f"{key}evidence.T1_BRUSHING.0").check()
    app.text_area(key=f"{key}note").set_value(note)
    return app.button(key=f"{key}save").click().run()


def test_a_decision_is_saved_shown_audited_and_leaves_the_queue(open_page: Open) -> None:
    """The whole loop, and again after a reload."""
    app = open_page("investigate", MERCHANT)
    decide(app, "CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "Five stars within the hour, 40 times.")
    assert not app.exception
    assert [message.value for message in app.success] == ["Decision recorded and audited."]
    for text in (words(app), words(open_page("investigate", MERCHANT))):
        assert "Confirmed, brushing" in text
        assert "Five stars within the hour" in text
        assert "Decide by analyst" in text
    assert "Lucky Bazaar" not in names(open_page("queue", {"case": RING}), 1)
    assert names(open_page("queue", {"status": "proposed"})) == ["Lucky Bazaar"]
    assert "Lucky Bazaar" in names(open_page("queue", {"status": "all"}), 1)


def test_a_decision_keeps_what_stood_on_the_screen(open_page: Open, tmp_path: Path) -> None:
    """Score, alert, ring, signals, reasons and figures, as the built file holds them."""
    app = open_page("investigate", MERCHANT)
    decide(app, "CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "Five stars within the hour, 40 times.")
    book = open_casebook(f"sqlite:///{tmp_path / 'casebook.sqlite'}")
    (made,) = book.decisions("merchant", "mer_1")
    assert made.snapshot_id
    seen = book.snapshot(made.snapshot_id)
    with duckdb.connect(os.environ["RINGFENCE_DATABASE"], read_only=True) as con:
        probability, band = con.execute(
            "select probability, score_band from alerts.probabilities where entity_id = 'mer_1'"
        ).fetchall()[0]
        version = con.execute(
            "select model_version from scores.models where entity_type = 'merchant'"
        ).fetchall()[0][0]
        signals = con.execute(
            "select typology, code from scores.signals where entity_id = 'mer_1' "
            "and as_of = (select max(as_of) from scores.signals where entity_id = 'mer_1')"
        ).fetchall()
        reasons = con.execute(
            "select feature, value, contribution from explanations.contributions "
            "where entity_id = 'mer_1' order by abs(contribution) desc, feature limit 12"
        ).fetchall()
    assert (seen["probability"], seen["score_band"]) == (pytest.approx(probability), band)
    assert made.score == pytest.approx(probability)
    assert made.model_version == seen["model_version"] == version
    assert made.data_version == seen["data_version"]
    assert {(one["typology"], one["code"]) for one in seen["signals"]} == set(signals)
    kept = [(one["feature"], one["value"], one["contribution"]) for one in seen["reasons"]]
    assert kept == [pytest.approx(one) for one in reasons]
    assert kept
    assert seen["ring_id"] == RING
    assert seen["alert_id"]
    assert seen["as_of"] == str(AS_OF)
    assert seen["facts"]["orders"]["short"] is not None
    assert book.verify() is None


def test_whoever_is_cleared_is_given_no_accusation(open_page: Open) -> None:
    """Reason codes say what somebody did: a false positive did none of it."""
    app = open_page("investigate", MERCHANT)
    reasons = "decide.merchant:mer_1.0.reasons.T1_BRUSHING"
    assert reasons in [one.key for one in app.multiselect]
    app.get_by_key("decide.merchant:mer_1.0.verdict").set_value("FALSE_POSITIVE")
    app.run()
    assert reasons not in [one.key for one in app.multiselect]


def test_a_slip_is_taken_back_where_it_was_made(open_page: Open) -> None:
    """One click after saving: nothing is decided, and the trail keeps both."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    decide(app, "FALSE_POSITIVE", [], "")
    [undo] = [one for one in app.button if str(one.key).endswith(".undo")]
    undo.click().run()
    book = open_casebook()
    assert book.decisions("merchant", "mer_1") == []
    assert [entry.action for entry in book.history("merchant", "mer_1")][-1] == "undo"


def test_a_lead_approves_on_the_page_and_it_becomes_a_label(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it convicts nobody; the proposer's own form has no such button."""
    app = open_page("investigate", MERCHANT)
    decide(app, "CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "Five stars within the hour, 40 times.")
    assert open_casebook().labels_frame().is_empty()
    assert "Approve" not in [button.label for button in app.button]
    monkeypatch.setenv("RINGFENCE_USER", "lea")
    monkeypatch.setenv("RINGFENCE_ROLE", "approver")
    lead = open_page("investigate", MERCHANT)
    next(button for button in lead.button if button.label == "Approve").click().run()
    assert not lead.exception
    labels = open_casebook().labels_frame()
    assert labels.select("entity_id", "label").rows() == [("mer_1", "bad")]
    assert labels["known_at"].dt.date().to_list() == [AS_OF]


def test_whoever_was_cleared_comes_back_with_what_is_new(open_page: Open) -> None:
    """Cleared before the alert opened: open again, with the reason and the way to the verdict."""
    draft = DecisionDraft(
        "merchant", "mer_1", Verdict.FALSE_POSITIVE, "key", data_day=DAYS[0],
        alert_typology="T1_BRUSHING", alert_band="CRIT",
    )  # fmt: skip
    open_page("queue")
    open_casebook().decide(draft, viewer=Viewer("ann"))
    table = open_page("queue").dataframe[1].value
    row = table[table["name"] == "Lucky Bazaar"]
    news = f"Reopened: at it again since {DAYS[-3]}"
    assert list(row["earlier"]) == [f"Cleared on {DAYS[0]} by ann"]
    text = words(open_page("investigate", MERCHANT)).replace("\\", "")
    assert f"{news}. Before: false positive on {DAYS[0]} by ann." in text
    popovers = open_page("investigate", MERCHANT).get("popover")
    labels = [one.proto.popover.label for one in popovers]
    assert labels.count("Who, why, and what is new since") == 2  # at the name, at the form


def test_what_is_watched_stays_in_sight(open_page: Open) -> None:
    """On its own list, with the day on which somebody looks again."""
    draft = DecisionDraft(
        "merchant", "mer_1", Verdict.INCONCLUSIVE, "key", action="MONITOR", data_day=AS_OF
    )
    open_page("queue")
    open_casebook().decide(draft, viewer=Viewer("ann"))
    assert "Lucky Bazaar" not in names(open_page("queue", {"case": RING}), 1)
    watched = open_page("queue", {"status": "monitoring"}).dataframe[0].value
    assert list(watched["name"]) == ["Lucky Bazaar"]
    elsewhere = open_page("queue", {"status": "monitoring", "market": "SG"})
    assert "No case is watched until the day of review" in plain_words(elsewhere)
    of_market = open_page("queue", {"status": "monitoring", "market": "MY"})
    assert list(of_market.dataframe[0].value["name"]) == ["Lucky Bazaar"]
    beyond = open_page("queue", {"status": "monitoring", "page": "2"})
    assert "past its end" in plain_words(beyond)
    assert str(next(iter(watched["review"])))[:10] == str(AS_OF + timedelta(days=7))


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


def test_a_refused_form_says_all_it_lacks_at_its_fields(open_page: Open) -> None:
    """And each field stops saying so when it is filled, before the next save."""
    app = open_page("investigate", MERCHANT)
    key = "decide.merchant:mer_1.0."
    assert "·" not in app.text_area(key=f"{key}note").label
    app.get_by_key(f"{key}verdict").set_value("CONFIRMED")
    app.button(key=f"{key}save").click().run()
    fields = [
        app.multiselect(key=f"{key}reasons.T1_BRUSHING"),
        app.selectbox(key=f"{key}action.T1_BRUSHING"),
        app.text_area(key=f"{key}note"),
    ]
    assert all(":red[" in field.label for field in fields)
    assert "needs at least one reason code. Confirmed needs an action." in plain_words(app)
    app.text_area(key=f"{key}note").set_value("Five stars within the hour.").run()
    assert app.text_area(key=f"{key}note").label == "Note"
    assert ":red[" in app.selectbox(key=f"{key}action.T1_BRUSHING").label


def test_what_is_entered_outlives_the_session_and_is_its_authors_own(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was saved or refused: it is there again after a reload, for nobody else.

    In every run, for the browser may never see the first one: the next may cut it short.
    """
    app = open_page("investigate", MERCHANT)
    key = "decide.merchant:mer_1.0."
    app.text_area(key=f"{key}note").set_value("half a thought").run()
    app.get_by_key(f"{key}verdict").set_value("LIKELY").run()
    app.multiselect(key=f"{key}reasons.T1_BRUSHING").set_value(["T1.R02_INSTANT_PRAISE"]).run()
    again = open_page("investigate", MERCHANT)
    assert again.text_area(key=f"{key}note").value == "half a thought"
    assert again.get_by_key(f"{key}verdict").value == "LIKELY"
    assert again.multiselect(key=f"{key}reasons.T1_BRUSHING").value == ["T1.R02_INSTANT_PRAISE"]
    assert "You left this unfinished" in words(again)
    again.run()
    assert again.text_area(key=f"{key}note").proto.default == "half a thought"
    assert not again.text_area(key=f"{key}note").proto.set_value
    monkeypatch.setenv("RINGFENCE_USER", "bob")
    assert open_page("investigate", MERCHANT).text_area(key=f"{key}note").value == ""
    assert again.run().text_area(key=f"{key}note").value == ""
    assert again.get_by_key(f"{key}verdict").value is None


def test_what_is_new_can_be_said_to_be_bad(open_page: Open) -> None:
    """A sentence stands for reason codes; it is recorded, offered again, and begins a pack."""
    app = open_page("investigate", MERCHANT)
    key = "decide.merchant:mer_1.0."
    app.selectbox(key=f"{key}typology").set_value(NEW_PATTERN).run()
    app.get_by_key(f"{key}verdict").set_value("CONFIRMED")
    app.selectbox(key=f"{key}action.{NEW_PATTERN}").set_value("MONITOR")
    app.text_area(key=f"{key}note").set_value("Forty parcels, one locker.")
    app.text_area(key=f"{key}pattern").set_value("Too short")
    app.button(key=f"{key}save").click().run()
    assert "A new pattern needs a sentence of at least 10 characters" in plain_words(app)
    app.text_area(key=f"{key}pattern").set_value("Empty parcels  to one\nlocker")
    app.button(key=f"{key}save").click().run()
    assert [message.value for message in app.success] == ["Decision recorded and audited."]
    assert "Confirmed, new pattern: monitor" in plain_words(app)
    assert "Pack draft" in [button.label for button in app.get("download_button")]
    labels = open_casebook().labels_frame()
    assert labels.select("label", "typology").rows() == [("bad", None)]
    other = open_page("investigate", {"entity": "merchant:mer_2"})
    key = "decide.merchant:mer_2.0."
    other.selectbox(key=f"{key}typology").set_value(NEW_PATTERN).run()
    next(b for b in other.button if b.label == "Empty parcels to one locker").click().run()
    assert other.text_area(key=f"{key}pattern").value == "Empty parcels to one locker"


def test_an_emptied_form_is_no_draft(open_page: Open) -> None:
    """Whoever takes everything back has left nothing unfinished."""
    app = open_page("investigate", MERCHANT)
    note = app.text_area(key="decide.merchant:mer_1.0.note")
    note.set_value("half a thought").run()
    note.set_value("").run()
    assert "You left this unfinished" not in words(open_page("investigate", MERCHANT))


def test_a_double_click_answers_once_and_leaves_no_draft(open_page: Open) -> None:
    """Its second click hits the empty form that was drawn in the place of the saved one."""
    app = open_page("investigate", MERCHANT)
    decide(app, "FALSE_POSITIVE", [], "A real flash sale.")
    app.button(key="decide.merchant:mer_1.1.save").click().run()
    assert [message.value for message in app.success] == ["Decision recorded and audited."]
    assert "There is no verdict yet" not in words(app)
    assert len(open_casebook().decisions("merchant", "mer_1")) == 1
    assert open_casebook().draft("merchant:mer_1", viewer=Viewer("analyst")) is None


def test_an_empty_form_is_refused_and_leaves_no_draft(open_page: Open) -> None:
    """There is nothing in it that a reload would lose."""
    app = open_page("investigate", MERCHANT)
    app.button(key="decide.merchant:mer_1.0.save").click().run()
    assert "There is no verdict yet" in words(app)
    assert open_casebook().draft("merchant:mer_1", viewer=Viewer("analyst")) is None


@pytest.mark.parametrize(
    ("verdict", "reasons", "sentence"),
    [
        (
            "FALSE_POSITIVE",
            [],
            "It teaches as good from the next training: ringfence build --train.",
        ),
        ("INCONCLUSIVE", [], "It teaches nothing: it is no finding about the subject."),
        ("CONFIRMED", ["T1.R02_INSTANT_PRAISE"], "after a second person has approved it"),
    ],
)
def test_a_saved_decision_says_when_it_will_teach(
    open_page: Open, verdict: str, reasons: list[str], sentence: str
) -> None:
    """At once, after a lead's word, or never."""
    app = open_page("investigate", MERCHANT)
    decide(app, verdict, reasons, "Seen with my own eyes.")
    assert sentence in words(app).replace("\\", "")


@pytest.mark.parametrize("fault", ["corrupt", "other format", "no folder"])
@pytest.mark.parametrize("tab", ["why", "timeline"])
def test_without_a_casebook_the_evidence_is_still_there(
    open_page: Open, tmp_path: Path, fault: str, tab: str
) -> None:
    """Read-only, with a sentence; it is back as soon as the casebook is."""
    casebook = tmp_path / "casebook.sqlite"
    if fault == "corrupt":
        casebook.write_bytes(b"no database at all" * 100)
    elif fault == "other format":
        with closing(sqlite3.connect(casebook)) as con:
            con.execute("create table chain (id integer, format_version integer)")
            con.execute("insert into chain values (1, 99)")
            con.commit()
    else:
        casebook.mkdir()
    app = open_page("investigate", {**MERCHANT, "tab": tab})
    text = plain_words(app)
    assert not app.exception
    assert "Lucky Bazaar" in text
    assert "nothing can be decided until the casebook is back" in text
    assert "Something went wrong" not in text
    assert not app.text_area
    if tab == "timeline":
        assert len(app.dataframe)
    else:
        assert "Raises the score" in text
    queue = open_page("queue")
    assert "Lucky Bazaar" in names(queue, 1)
    assert "nothing can be decided until the casebook is back" in plain_words(queue)
