"""The tour in a real browser: five stories, each one click from its subject and back."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from playwright.sync_api import expect

from queries.tours import tour
from tests.browser.driving import in_both_themes, steady, wait_for_graph, wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from pipeline.build import Report

STORIES = tour().stories
HOSTILE = "<b>x</b> [y](https://x.invalid) ![z](https://x.invalid/z.png)"


def test_a_newcomer_walks_all_five_stops_and_back(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """From the queue's invitation through every subject and back, to the closing note."""
    page = open_page(app_url(built.database, RINGFENCE_USER="newcomer"))
    page.get_by_role("link", name="Take the tour").click()
    page.wait_for_url(re.compile(r"/tour"))
    for number, story in enumerate(STORIES, start=1):
        page.get_by_role("heading", name=story.title).wait_for()
        page.get_by_text(f"Stop {number} of {len(STORIES)}", exact=True).wait_for()
        wait_until_idle(page)
        page.get_by_role("button", name="Open in Investigate").click()
        wanted = rf"/investigate\?.*entity={story.entity_type}(:|%3A).*tab={story.tab}"
        page.wait_for_url(re.compile(wanted))
        back = page.get_by_role("link", name=f"Back to the tour, stop {number}")
        back.wait_for()
        wait_until_idle(page)
        back.click()
        page.wait_for_url(re.compile(rf"/tour\?stop={number}$"))
        page.get_by_role("heading", name=story.title).wait_for()
        wait_until_idle(page)
        if number < len(STORIES):
            page.get_by_role("button", name="Next").click()
            page.wait_for_url(re.compile(rf"/tour\?stop={number + 1}$"))
    page.get_by_text(tour().closing.title, exact=True).wait_for()
    page.get_by_role("link", name="To the queue").click()
    page.get_by_text(re.compile(r"alerts? · ")).first.wait_for()


def test_each_thing_to_notice_is_a_click_away(
    built: Report,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """A sentence of the brushing story opens its feature's rows, and the way back stays."""
    page = open_page(app_url(built.database) + "/tour?stop=1")
    page.get_by_text(tour().stories[0].title).first.wait_for()
    wait_until_idle(page)  # rows still moving would put another link under the pointer
    why = page.get_by_test_id("stMain").get_by_role("link", name="Why").first
    why.focus()
    why.press("Enter")  # no pointer, so no neighbour is hit
    page.wait_for_url(re.compile(r"/investigate\?.*feature=light_parcel_share_30d"))
    page.get_by_text("recomputed", exact=False).first.wait_for()
    wait_until_idle(page)
    page.get_by_text("Community", exact=True).last.click()
    page.wait_for_url(re.compile(r"tab=community.*tour=1|tour=1.*tab=community"))
    wait_for_graph(page)
    wait_until_idle(page)
    expect(page.get_by_role("link", name="Back to the tour, stop 1")).to_be_visible()


@pytest.mark.parametrize("number", range(1, len(STORIES) + 1))
def test_a_stop_is_quiet_in_both_themes(
    built: Report,
    number: int,
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
) -> None:
    """A deep link shows its story within the width of the screen, without an error."""
    loaded = "light" if number % 2 else "dark"
    page = open_page(f"{app_url(built.database)}/tour?stop={number}", loaded)
    for _ in in_both_themes(page):
        page.get_by_role("heading", name=STORIES[number - 1].title).wait_for()
        assert page.get_by_test_id("stException").count() == 0
        assert steady(page, "document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_hostile_subject_is_shown_as_typed(
    built: Report, tmp_path: Path, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Markup in a subject's name is text: no element, no image, no link out."""
    copy = tmp_path / "ringfence.duckdb"
    shutil.copy(built.database, copy)
    with duckdb.connect(str(copy)) as con:
        con.execute("update graph.entities set name = $name", {"name": HOSTILE})
    page = open_page(app_url(copy) + "/tour?stop=1")
    expect(page.get_by_text(HOSTILE[:12]).first).to_be_visible()
    assert page.locator("a[href*='x.invalid'], img[src*='x.invalid']").count() == 0


def test_a_stale_stop_gives_a_sentence(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A stop that is not one is named, the first is shown; a strange way back is not drawn."""
    page = open_page(app_url(built.database) + "/tour?stop=99")
    page.get_by_text("is not a choice here", exact=False).wait_for()
    page.get_by_text("Stop 1 of 5", exact=True).wait_for()
    page = open_page(app_url(built.database) + "/investigate?tour=99")
    assert page.get_by_role("link", name="Back to the tour").count() == 0
