"""Personal data in a real browser: masked, shown for a reason, masked for others, and audited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.driving import wait_until_idle
from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

BUYER = "/investigate?entity=buyer:buy_2&tab=facts"
NAME, MASKED = "Aisyah", re.compile(r"^Buyer …[0-9a-f]{8}$")
WHY = "They called about a parcel"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database of the pages' tests."""
    path = tmp_path_factory.mktemp("tiny") / "ringfence.duckdb"
    tiny_database.write(path)
    return path


def be(page: Page, person: str) -> None:
    """Another person of the demo, in this browser."""
    page.get_by_role("button", name=re.compile("^Demo: ")).click()
    page.get_by_role("combobox", name="Person").click()
    page.get_by_role("option", name=re.compile(f"^{person}")).click()
    page.get_by_role("button", name=re.compile(f"Demo: {person}")).wait_for()
    wait_until_idle(page)


def test_a_name_is_shown_to_who_says_why_and_the_auditor_reads_it(
    tiny: Path, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Four steps, three people."""
    url = app_url(tiny, RINGFENCE_USER="mia")
    page = open_page(f"{url}{BUYER}")
    expect(page.get_by_role("heading", name=MASKED)).to_be_visible()
    page.get_by_role("button", name="Reveal").first.click()
    page.get_by_role("textbox", name="In your words").fill(WHY)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text(re.compile("^Name shown until"))).to_be_visible()
    assert NAME not in page.title()

    other = open_page(f"{url}{BUYER}")
    be(other, "demo senior")
    expect(other.get_by_role("heading", name=MASKED)).to_be_visible()
    assert NAME not in other.content()

    be(other, "demo auditor")
    other.goto(f"{url}/audit?list=reveals")
    other.get_by_role("button", name="Download list").wait_for()
    wait_until_idle(other)
    expect(other.get_by_text(WHY).first).to_be_attached()
    expect(other.get_by_role("gridcell", name="mia").first).to_be_attached()
