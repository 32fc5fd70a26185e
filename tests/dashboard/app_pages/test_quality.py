"""The page of quality: who opens it, and that a review gives nothing away before it is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.json_format import MessageToJson

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.attention import Spent
from dashboard.cases.records import DecisionDraft
from dashboard.cases.reviews import Sample, SecondVerdict, SureCase
from dashboard.cases.states import CaseState, Verdict
from tests.casebooks import empty_casebook
from tests.dashboard.casebook.drafts import draft
from tests.dashboard.harness import board_words, plain_words
from tests.dashboard.tiny_entities import AS_OF, SCORES
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
    Params = dict[str, str]

NOTE = "Forty buyers pay from two devices."
ANALYST = "zebedee"
PARTS = ("reviews", "disagreements", "agreement", "overturns", "approvers", "fairness", "times")

SHOP = "merchant:mer_1"


def sent(app: AppTest) -> str:
    """All that a run sent to the browser, tables and their buffers included."""
    return "\n".join(_raw(element) for element in app.main)


def _raw(element: Any) -> str:
    parts = []
    if hasattr(element, "children"):
        parts += [_raw(child) for child in element.children.values()]
    proto = getattr(element, "proto", None)
    if proto is not None:
        parts.append(MessageToJson(proto) if hasattr(proto, "DESCRIPTOR") else str(proto))
        arrow = getattr(getattr(proto, "arrow_data_frame", proto), "data", b"")
        parts.append(arrow.decode("latin-1") if isinstance(arrow, bytes) else str(arrow))
    if hasattr(element, "value"):
        parts.append(str(element.value))
    return "\n".join(parts)


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """`role(name, role)`: who opens the next page."""

    def become(name: str, role: str) -> None:
        monkeypatch.setenv("RINGFENCE_USER", name)
        monkeypatch.setenv("RINGFENCE_ROLE", role)

    return become


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The casebook that the pages of this test read."""
    address = empty_casebook(tmp_path / "casebook.sqlite")
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", address)
    return address


def decided(url: str, entity_id: str = "mer_1", kind: str = "merchant") -> None:
    """One confirmed case with a note, a score and its alert, by `ANALYST`."""
    draft = DecisionDraft(
        kind, entity_id, Verdict.CONFIRMED, f"key-{entity_id}", "T1_BRUSHING", "MONITOR",
        ("T1.R02_INSTANT_PRAISE",), NOTE, 0.9, 0.8765, AS_OF, "v1", AS_OF, None, "T1_BRUSHING",
        "CRIT", AS_OF,
    )  # fmt: skip
    open_casebook(url).decide(draft, viewer=Viewer(ANALYST), spent=Spent(90.0, ("facts",)))


def task_of(url: str, *, is_seeded: bool) -> str:
    """The id of the one review that is about a decision, or about a sure case."""
    book, who = open_casebook(url), Viewer("quinn", "qa")
    decided(url)
    sure = [SureCase("merchant", "mer_2", "CONFIRMED")]
    book.draw_reviews(Sample(1.0, 1), sure, viewer=who)
    wanted = "mer_2" if is_seeded else "mer_1"
    tasks = book.review_tasks(viewer=who)
    return next(one.task_id for one in tasks if one.entity_id == wanted)


@pytest.mark.parametrize("tab", ["", "details"])
def test_a_review_gives_nothing_of_the_first_away(
    open_page: Open, role: Callable[..., None], url: str, tab: str
) -> None:
    """Of all text and data sent: no verdict, note, name, score, band, alert, state."""
    task = task_of(url, is_seeded=False)
    role("quinn", "qa")
    app = open_page("quality", {"review": task, "tab": tab})
    assert not app.exception
    assert "Lucky Bazaar" in plain_words(app)
    everything = sent(app)
    for secret in (
        *(NOTE, ANALYST, "0.8765", f"{SCORES['mer_1'][0]}", "CONFIRMED\\n", "T1_BRUSHING"),
        *("Brushing", "Critical", "Monitoring", "dec_", "cas_", "Instant"),
    ):
        assert secret not in everything, secret


@pytest.mark.parametrize(
    ("page", "params"),
    [
        *(("investigate", {"entity": SHOP, "tab": tab}) for tab in ("facts", "timeline")),
        ("case", {"id": RING}),
        ("case", {"keys": f"{SHOP},buyer:buy_1"}),
    ],
)
def test_the_first_verdict_is_held_back_everywhere_until_the_second(
    open_page: Open, role: Callable[..., None], url: str, page: str, params: dict[str, str]
) -> None:
    """From whoever is to judge it, on page and in the casebook; not from anybody else."""
    task = task_of(url, is_seeded=False)
    book = open_casebook(url)
    role("quinn", "qa")
    everything = sent(open_page(page, params))
    assert "for your second look" in everything
    assert NOTE not in everything
    assert ANALYST not in everything
    assert book.decisions("merchant", "mer_1") == []
    assert book.history("merchant", "mer_1") == []
    assert book.decisions_of([SHOP]) == {}
    role("lea", "approver")
    assert "for your second look" not in sent(open_page(page, params))
    assert book.decisions("merchant", "mer_1")
    role("quinn", "qa")
    book.review(SecondVerdict(task, "FALSE_POSITIVE"), viewer=Viewer("quinn", "qa"))
    assert "for your second look" not in sent(open_page(page, params))
    assert book.decisions_of([SHOP])


@pytest.mark.parametrize(
    ("page", "params", "column"),
    [
        ("queue", {"status": "monitoring"}, "name"),
        ("queue", {"status": "all"}, "standing"),
        ("community", {"community": "com_1"}, "label"),
        ("community", {}, "confirmed_bad_count"),
        ("rings", {}, "bad_count"),
    ],
)
def test_no_list_shows_a_standing_before_the_second_look(
    open_page: Open, role: Callable[..., None], url: str, page: str, params: Params, column: str
) -> None:
    """Neither that of the casebook nor what a build made of it; afterwards the reviewer sees it."""
    task = task_of(url, is_seeded=False)

    def shown_to(name: str, its_role: str) -> list[object]:
        role(name, its_role)
        tables = [table.value for table in open_page(page, params).dataframe]
        return [table[column].to_list() for table in tables if column in table]

    whole, seen = shown_to("lea", "approver"), shown_to("quinn", "qa")
    assert whole
    assert whole != seen
    open_casebook(url).review(SecondVerdict(task, "FALSE_POSITIVE"), viewer=Viewer("quinn", "qa"))
    assert shown_to("quinn", "qa") != seen


def test_a_sure_case_looks_like_any_other(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """The same elements in the same order; the list has the same columns for both."""
    task = task_of(url, is_seeded=False)
    seeded = next(
        one.task_id
        for one in open_casebook(url).review_tasks(viewer=Viewer("quinn", "qa"))
        if one.entity_id == "mer_2"
    )
    role("quinn", "qa")
    kinds = [
        [element.type for element in open_page("quality", {"review": one}).main]
        for one in (task, seeded)
    ]
    assert kinds[0] == kinds[1]
    (table,) = open_page("quality").dataframe
    rows = table.value
    assert list(rows.columns) == ["name", "kind", "id", "open"]
    assert set(rows["kind"]) == {"Merchant"}


def test_both_words_are_shown_once_the_second_is_given(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """Then the first verdict, its note, who and how sure the score was; and it is on the list."""
    task = task_of(url, is_seeded=False)
    role("sam", "senior")
    app = open_page("quality", {"review": task})
    app.get_by_key(f"review.{task}.verdict").set_value("FALSE_POSITIVE").run()
    app.get_by_key(f"review.{task}.give").click().run()
    text = plain_words(app)
    assert NOTE in text
    assert ANALYST in text
    assert "0.876" in text or "0.877" in text
    assert "Different" in text
    listed = open_page("quality", {"part": "disagreements"})
    assert "Lucky Bazaar" in board_words(listed)
    assert "False positive" in board_words(listed)


@pytest.mark.parametrize("name", ["viewer", "analyst", "approver"])
def test_roles_without_review_or_quality_are_refused(
    open_page: Open, role: Callable[..., None], url: str, name: str
) -> None:
    """Whatever part or review the address names."""
    task = task_of(url, is_seeded=False)
    role("zoe", name)
    for params in ({}, {"part": "fairness"}, {"part": "times"}, {"review": task}):
        app = open_page("quality", params)
        assert "Your role" in plain_words(app)
        assert "Lucky" not in sent(app)


@pytest.mark.parametrize("name", ["qa", "senior", "manager", "auditor"])
def test_each_role_gets_its_parts(
    open_page: Open, role: Callable[..., None], url: str, name: str
) -> None:
    """None fails; a part that is not theirs falls back to their first."""
    decided(url)
    role("una", name)
    for part in PARTS:
        app = open_page("quality", {"part": part})
        assert not app.exception
        assert "not your doing" not in plain_words(app)


def test_the_page_says_how_many_answers_approvers_are_weighed_by(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """The monitor reads a bounded number of answers, and says so beside them."""
    book, who = open_casebook(url), Viewer("lea", "approver")
    book.decide(draft(Verdict.CONFIRMED), viewer=Viewer(ANALYST))
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=who)
    role("quinn", "qa")
    said = plain_words(open_page("quality", {"part": "approvers"}))
    assert "Of the last 2,000 answers to proposals; earlier ones do not count." in said


def test_a_manager_reads_no_name_beside_a_time(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """Not in the tables, not in what is sent; of one person no figure at all."""
    for number in (1, 2, 3):
        decided(url, f"mer_{number}")
    role("max", "manager")
    app = open_page("quality", {"part": "times"})
    assert ANALYST not in sent(app)
    assert "not shown" in board_words(app)
    assert "gives work out" in plain_words(open_page("quality", {"part": "approvers"}))


def test_my_work_is_mine_alone(open_page: Open, role: Callable[..., None], url: str) -> None:
    """Whoever decided nothing reads nothing; whoever decides nothing is refused."""
    decided(url)
    role("ann", "analyst")
    assert "No decision was timed" in plain_words(open_page("work"))
    role(ANALYST, "analyst")
    assert "1 decision" in board_words(open_page("work"))
    role("quinn", "qa")
    assert "Your role" in plain_words(open_page("work"))


def test_fairness_says_since_when_and_of_how_many(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """The casebook's own verdicts are among them, and too few are no share."""
    decided(url)
    role("quinn", "qa")
    text = board_words(open_page("quality", {"part": "fairness"}))
    assert "bad verdict" in text
    assert "fewer than 10 not shown" in text


def test_blind_first_hides_the_score_until_a_verdict(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """Nothing of score, band, alert or reasons is sent before; then all, and the first is kept."""
    role("ann", "analyst")
    open_casebook(url).save_draft("setting:blind_first", {"share": "1"}, viewer=Viewer("ann"))
    params = {"entity": "merchant:mer_1", "tab": "why"}
    app = open_page("investigate", params)
    assert not app.exception
    before = sent(app)
    for secret in (
        *(f"{SCORES['mer_1'][0]}", "Critical", "CRIT", "Brushing", "T1_BRUSHING", "robability"),
        *("Priority", "Signals", "alt_1", "Money at risk"),
    ):
        assert secret not in before, secret
    app.get_by_key("first.merchant:mer_1.verdict").set_value("FALSE_POSITIVE").run()
    app.get_by_key("first.merchant:mer_1.give").click().run()
    assert "Brushing" in plain_words(app)
    again = open_page("investigate", params)
    assert f"{SCORES['mer_1'][0]}" in sent(again)
    kept = open_casebook(url).draft("first:merchant:mer_1", viewer=Viewer("ann"))
    assert kept == {"verdict": "FALSE_POSITIVE"}


def test_the_house_may_ask_for_blind_first_and_others_may_not(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """Its share counts for everybody who decides; who only looks has no verdict to give."""
    open_casebook(url).set_blind_share(1.0, viewer=Viewer("quinn", "qa"))
    role("ann", "analyst")
    assert "First verdict" in plain_words(open_page("investigate", {"entity": "merchant:mer_1"}))
    role("vic", "viewer")
    assert "First verdict" not in plain_words(
        open_page("investigate", {"entity": "merchant:mer_1"})
    )


def test_json_of_what_is_sent_is_searched(
    open_page: Open, role: Callable[..., None], url: str
) -> None:
    """The search of these tests sees what a page shows in words, in boards and in tables."""
    decided(url)
    role("ann", "analyst")
    everything = sent(open_page("investigate", {"entity": "merchant:mer_1"}))
    for shown in ("Brushing", ANALYST, NOTE, json.dumps(SCORES["mer_1"][0])):
        assert shown in everything, shown
