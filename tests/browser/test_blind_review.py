"""A second look in a real browser: its reviewer reads the first verdict nowhere before theirs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard.access import Viewer, acting_as
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.records import DecisionDraft
from dashboard.cases.reviews import Sample
from dashboard.cases.states import Verdict
from dashboard.view_models.decide import evidence_for
from tests.browser.driving import find, wait_until_idle
from tests.dashboard import tiny_database
from tests.dashboard.tiny_entities import AS_OF
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

ANALYST, REVIEWER, APPROVER = Viewer("zebedee"), Viewer("quinn", "qa"), Viewer("lea", "approver")
NOTE = "Forty buyers pay from two devices."
SHOP = "merchant:mer_1"
SECRETS = (NOTE, ANALYST.name, "Settlement defer", "Paid later", "dec_")
ADDRESSES = (
    *("queue", "queue?status=all", "queue?status=decided", "inbox", "rings", "community"),
    *("metrics", f"case?id={RING}", f"case?keys={SHOP},buyer:buy_1"),
    *(f"tour?stop={stop}" for stop in range(1, 6)),
    *(f"investigate?entity={SHOP}&tab={tab}" for tab in ("facts", "why", "appeal")),
)
"""Where somebody would look who wants to know."""


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    """One person proposed a hold, which began with it; a second look at it was drawn."""
    made = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"))
    draft = DecisionDraft(
        "merchant", "mer_1", Verdict.CONFIRMED, "key-1", "T1_BRUSHING", "SETTLEMENT_DEFER",
        ("T1.R02_INSTANT_PRAISE",), NOTE, 0.9, 0.8765, AS_OF, "v1", AS_OF, None, "T1_BRUSHING",
        "CRIT", AS_OF, evidence=tuple(evidence_for("T1_BRUSHING")),
    )  # fmt: skip
    made.decide(draft, viewer=ANALYST)
    made.draw_reviews(Sample(1.0, 1), [], viewer=REVIEWER)
    return made


def environment(tmp_path: Path, who: Viewer) -> dict[str, str]:
    """Who somebody is, and where the casebook lies."""
    return {
        "RINGFENCE_USER": who.name,
        "RINGFENCE_ROLE": who.role,
        "RINGFENCE_CASEBOOK_URL": f"sqlite:///{tmp_path / 'casebook.sqlite'}",
    }


def told(page: Page) -> list[str]:
    """What of the first verdict stands on a page, cells of tables included."""
    text = str(page.locator("body").text_content())
    return [secret for secret in SECRETS if secret in text]


def messages(tmp_path: Path, who: Viewer) -> str:
    """What the command that lists messages prints for somebody."""
    command = [sys.executable, "-m", "dashboard.cli", "outbox", "list", "--build", str(tmp_path)]
    whole = {**os.environ, **environment(tmp_path, who)}
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=True).stdout


def search(page: Page) -> None:
    """The palette over the page; the only one of that name opens at once."""
    page.get_by_role("button", name="Find").first.click()
    find(page, "Lucky")
    page.wait_for_url(re.compile("/investigate"))
    page.get_by_text("waits for your second look", exact=False).first.wait_for()
    wait_until_idle(page)


def test_a_reviewer_reads_the_first_verdict_after_their_own(
    book: Casebook, tmp_path: Path, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """No page, tour, search, command or read tells it; then both stand side by side and count."""
    database = tmp_path / "ringfence.duckdb"
    tiny_database.write(database)
    url = app_url(database, **environment(tmp_path, REVIEWER))
    [task] = book.review_tasks(viewer=REVIEWER)
    page = open_page(f"{url}/quality?review={task.task_id}")
    page.get_by_text("Your verdict").wait_for()
    assert told(page) == []
    for address in ADDRESSES:
        page.goto(f"{url}/{address}")
        wait_until_idle(page)
        assert told(page) == [], address
    page.goto(f"{url}/queue?status=all")
    wait_until_idle(page)
    search(page)
    assert told(page) == []
    assert messages(tmp_path, REVIEWER).strip() == ""
    assert messages(tmp_path, APPROVER).strip() != ""
    with acting_as(REVIEWER):
        assert book.reviewed(viewer=REVIEWER) == []

    page.goto(f"{url}/quality?review={task.task_id}")
    page.get_by_text("False positive", exact=True).first.click()
    wait_until_idle(page)
    page.get_by_role("button", name=re.compile("Give verdict")).click()
    page.get_by_text("Both verdicts").wait_for()
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert "Different" in str(page.locator("body").text_content())
    with acting_as(REVIEWER):
        [both] = book.reviewed(viewer=REVIEWER)
    assert (both.agrees, both.first_verdict) == (False, "CONFIRMED")
    page.goto(f"{url}/investigate?entity={SHOP}")
    page.get_by_text(NOTE).first.wait_for()
    assert messages(tmp_path, REVIEWER).strip() != ""
