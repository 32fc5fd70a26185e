"""Two people on one casebook: claimed, proposed, sent back, proposed again, approved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.states import CaseState
from tests.browser.driving import propose, wait_until_idle
from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

SUBJECT = "investigate?entity=merchant:mer_1"
WHY = "Which of the two devices is the shop's own?"


@pytest.fixture
def addresses(tmp_path: Path, app_url: Callable[..., str]) -> dict[str, str]:
    """A server for each of two people, on one casebook."""
    database = tmp_path / "tiny.duckdb"
    tiny_database.write(database)
    casebook = f"sqlite:///{tmp_path / 'casebook.sqlite'}"
    return {
        name: app_url(
            database, RINGFENCE_USER=name, RINGFENCE_ROLE=role, RINGFENCE_CASEBOOK_URL=casebook
        )
        for name, role in (("ann", "analyst"), ("lea", "approver"))
    }


def test_a_case_goes_between_two_people(
    tmp_path: Path, addresses: dict[str, str], open_page: Callable[..., Page]
) -> None:
    """Each finds in their inbox what the other left there; who else looks is said."""
    ann = open_page(f"{addresses['ann']}/{SUBJECT}")
    ann.get_by_role("button", name="Claim", exact=True).click()
    expect(ann.get_by_role("button", name="Claim", exact=True)).to_have_count(0)
    wait_until_idle(ann)
    propose(ann, re.compile("."), "Warn", "Forty buyers on two devices.")

    lea = open_page(f"{addresses['lea']}/inbox")
    lea.get_by_text("To approve 1").wait_for()
    lea.goto(f"{addresses['lea']}/{SUBJECT}")
    lea.get_by_text("ann has it open").wait_for()
    lea.get_by_role("textbox", name="what is missing").fill(WHY)
    lea.get_by_role("textbox", name="what is missing").press("Tab")
    wait_until_idle(lea)
    lea.get_by_role("button", name="Return", exact=True).click()
    lea.get_by_text(re.compile("Returned")).first.wait_for()

    ann.goto(f"{addresses['ann']}/inbox?box=returned")
    ann.get_by_text("Returned to me 1").wait_for()
    ann.goto(f"{addresses['ann']}/{SUBJECT}")
    ann.get_by_text(WHY).first.wait_for()
    wait_until_idle(ann)
    propose(ann, re.compile("."), "Warn", "Both devices belong to the buyers, by their sessions.")

    lea.goto(f"{addresses['lea']}/{SUBJECT}")
    lea.get_by_role("button", name="Approve", exact=True).click()
    lea.get_by_role("button", name="Carried out", exact=True).wait_for()
    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"))
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert (case.state, case.assignee) == (CaseState.APPROVED, "ann")
    assert book.verify() is None
