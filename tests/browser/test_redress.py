"""From an approved action to its appeal, and back: four people, one casebook, a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import queries
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.states import CaseState
from dashboard.components.case_report import report_html
from dashboard.view_models.case_report import report_of
from tests.browser.driving import propose, wait_until_idle
from tests.dashboard.casebook.redress import SEN, scoped_book
from tests.dashboard.components.test_case_report import whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from pipeline.build import Report

SUBJECT = """
    select a.entity_id from alerts.alerts as a
    where a.entity_type = 'merchant' and a.typology = 'T1_BRUSHING'
    order by a.priority desc, a.alert_id limit 1
"""
NOTE = "Parcels weigh nothing and praise comes within hours, on forty orders."
WORDS = "We ran an approved sale that week. <b>Please</b> look at the campaign."
WHY = "The campaign was approved, the burst is explained by it."


@pytest.fixture
def entity_id(built: Report) -> str:
    """A merchant with an alert for brushing."""
    with queries.connect(built.database) as con:
        return str(con.execute(SUBJECT).fetchall()[0][0])


def approve(page: Page) -> None:
    """What a second person does."""
    note = page.get_by_role("textbox", name="What you looked at")
    note.fill("The parcels and the reviews.")
    note.press("Tab")
    wait_until_idle(page)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_text("Approved, ann").wait_for()
    wait_until_idle(page)


def record_appeal(page: Page) -> None:
    """What somebody does who got a letter of the shop."""
    page.get_by_role("textbox", name="What they wrote").fill(WORDS)
    page.get_by_role("button", name="Record appeal").click()
    page.get_by_text("It waits for a senior analyst or an approver.").wait_for()
    expect(page.get_by_text(WORDS)).to_be_visible()


def overturn(page: Page) -> None:
    """What a third person says after reading what was seen."""
    page.get_by_text("What was seen when it was decided").wait_for()
    page.get_by_role("textbox", name="Why", exact=True).fill(WHY)
    page.get_by_role("button", name="Overturn").click()
    page.get_by_text("You were right", exact=False).wait_for()
    page.get_by_text("Overturned, ann").wait_for()
    wait_until_idle(page)


def downloaded(page: Page, button: str) -> str:
    """The file behind a button."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).first.click()
    return waiting.value.path().read_text()


def test_an_appeal_is_recorded_judged_by_another_and_everything_is_as_before(
    built: Report,
    entity_id: str,
    tmp_path: Path,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """State, label, statement, what the page says, and who is refused on the way."""
    url = f"sqlite:///{tmp_path / 'casebook.sqlite'}"

    def visit(name: str, role: str, tab: str = "appeal") -> Page:
        who = {"RINGFENCE_USER": name, "RINGFENCE_ROLE": role, "RINGFENCE_CASEBOOK_URL": url}
        address = app_url(built.database, **who)
        return open_page(f"{address}/investigate?entity=merchant:{entity_id}&tab={tab}")

    page = visit("ann", "analyst", "why")
    expect(page.get_by_text("Appeal", exact=True)).to_have_count(0)
    propose(page, re.compile("Five-star"), "Settlement defer", NOTE)
    approve(visit("lea", "approver", "why"))
    book = Casebook(open_engine(url))
    assert book.labels_frame()["label"].to_list() == ["bad"]
    assert len(book.standing_effects([f"merchant:{entity_id}"])) == 1

    page = visit("ann", "analyst")
    expect(page.get_by_text("Our decision about your shop")).to_be_visible()
    expect(page.get_by_text("We pay out your sales later than usual", exact=False)).to_be_visible()
    [fields] = json.loads(downloaded(page, "EU database"))["statements"]
    assert fields["decision_monetary"] == "DECISION_MONETARY_SUSPENSION"
    record_appeal(page)

    page = visit("lea", "approver")
    expect(page.get_by_text("You decided or approved this", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="Overturn")).to_have_count(0)

    page = visit("sen", "senior")
    overturn(page)
    check_restored(book, entity_id, fields)
    expect(page.get_by_text("taken back on", exact=False).first).to_be_visible()
    report = downloaded(page, "Case report")
    assert "&lt;b&gt;Please&lt;/b&gt;" in report
    assert WHY in report


def check_restored(book: Casebook, entity_id: str, fields: dict[str, str]) -> None:
    """The casebook after the overturn: state, label, statement, nothing in force."""
    case = book.case_of("merchant", entity_id)
    assert case is not None
    assert case.state == CaseState.OVERTURNED
    labels = book.labels_frame().select("label", "source", "analyst_id").rows()
    assert labels == [("bad", "casebook", "ann"), ("good", "appeal", "sen")]
    [decision] = book.decisions("merchant", entity_id)
    redress = book.redress_of([decision.decision_id])[decision.decision_id]
    assert redress.statement.content["fields"] == fields
    assert redress.outcome is not None
    assert book.standing_effects([f"merchant:{entity_id}"]) == {}
    assert book.verify() is None


def test_a_report_with_a_hostile_name_runs_nothing(tmp_path: Path, chromium: Browser) -> None:
    """Opened as a file in a browser: the title is ours, no element of theirs, no request."""
    book = scoped_book(tmp_path / "casebook.sqlite")
    html = report_html(report_of(book.case_record(whole(book).decision_id, viewer=SEN)))
    target = tmp_path / "report.html"
    target.write_bytes(html)
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{target}")
    assert page.title() == "Case report: Merchant mer_1"
    assert page.locator("script, img, iframe, link").count() == 0
    assert page.get_by_text("<script>", exact=False).count() > 0
    assert asked == [f"file://{target}"]
    page.close()
