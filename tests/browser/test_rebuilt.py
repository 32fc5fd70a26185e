"""A build is put in the place of the served one while somebody looks at a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
from playwright.sync_api import expect

from dashboard.casebook import open_casebook
from tests.browser.driving import wait_until_idle
from tests.dashboard import tiny_database
from tests.dashboard.tiny_entities import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

RENAMED = "Lucky Bazaar the second"
SHOP = "/investigate?entity=merchant:mer_1"


def rebuild(database: Path) -> None:
    """A week later, the first shop under another name; renamed over the file as a build does."""
    beside = tiny_database.write(database.with_suffix(".next"))
    with duckdb.connect(str(beside)) as con:
        con.execute("update meta.build set as_of = as_of + 7, data_fingerprint = 'new'")
        for table in ("graph.entities", "alerts.alerts"):
            con.execute(f"update {table} set name = '{RENAMED}' where entity_id = 'mer_1'")
    beside.replace(database)


def test_the_page_stays_with_its_build_until_the_new_one_is_asked_for(
    tmp_path: Path, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A double click on Save under a swap: one decision, about what was on the screen."""
    database = tiny_database.write(tmp_path / "ringfence.duckdb")
    casebook = f"sqlite:///{tmp_path / 'casebook.sqlite'}"
    url = app_url(database, RINGFENCE_CASEBOOK_URL=casebook)
    page = open_page(url + SHOP)
    expect(page.get_by_role("heading", name="Lucky Bazaar")).to_be_visible()
    page.get_by_text("False positive", exact=True).first.click()
    page.get_by_role("textbox", name="Note").fill("A flash sale that was approved.")
    rebuild(database)
    page.get_by_role("button", name="Save decision").dblclick()
    page.get_by_text("Decision recorded and audited.").wait_for()
    wait_until_idle(page)
    expect(page.get_by_text("There is no verdict yet")).to_have_count(0)
    expect(page.get_by_role("heading", name=RENAMED)).to_have_count(0)
    (decision,) = open_casebook(casebook).decisions("merchant", "mer_1")
    assert decision.data_day == AS_OF

    other = open_page(url + SHOP)
    expect(other.get_by_role("heading", name=RENAMED)).to_be_visible()

    page.get_by_role("link", name="Queue").first.click()
    page.get_by_text(re.compile("The data were rebuilt at .* UTC; you look at those of")).wait_for()
    page.get_by_role("button", name="Show the new ones").click()
    expect(page.get_by_text("The data were rebuilt at")).to_have_count(0)
    wait_until_idle(page)
    page.goto(url + SHOP)
    expect(page.get_by_role("heading", name=RENAMED)).to_be_visible()
