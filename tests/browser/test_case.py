"""A ring decided at once in a real browser, and taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

import queries
from tests.browser.driving import wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pipeline.build import Report

RING = """
    select ring_id, count(alert_id) from cases.members where ring_id is not null
    group by ring_id having count(alert_id) between 3 and 8 order by ring_id limit 1
"""
NOTE = "The same desk sent all of them; nothing else speaks of the buyers."


def test_a_ring_is_decided_and_taken_back(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Verdict, note, one click for all; one more and everybody waits again."""
    with queries.connect(built.database) as con:
        ring, _ = con.execute(RING).fetchall()[0]
    page = open_page(f"{app_url(built.database, RINGFENCE_USER='ring')}/case?id={ring}")
    decide = page.get_by_role("button", name=re.compile(r"^Decide on \d+ members?"))
    decide.wait_for()
    wait_until_idle(page)
    page.get_by_text("Inconclusive", exact=True).first.click()
    page.get_by_role("textbox", name="Note").fill(NOTE)
    decide.click()
    back = page.get_by_role("button", name=re.compile(r"^Take \d+ decisions? back"))
    back.wait_for()
    wait_until_idle(page)
    expect(page.get_by_text(re.compile(r"recorded, each with its own audit entry"))).to_be_visible()
    back.click()
    expect(back).to_have_count(0)
    wait_until_idle(page)
    expect(decide).to_have_count(1)


IN_SIGHT = """() => {
    const box = document.querySelector('.st-key-decide_panel').getBoundingClientRect();
    const focused = document.activeElement.closest('.st-key-decide_panel');
    return Boolean(focused) && box.top >= 0 && box.top < innerHeight;
}"""
"""Whether the keyboard is in the decision and the decision in the window."""


def test_all_that_match_are_decided_from_the_keyboard_and_the_slower_is_told(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Filter, preview, decide, take back, without a pointer; of two at once one wins."""
    query = "/?entity_type=buyer&typology=T9_REFUND_ABUSE"
    url = app_url(built.database, RINGFENCE_USER="bulk") + query
    first, second = open_page(url), open_page(url)
    for page in (first, second):
        page.get_by_role("button", name=re.compile("^All that match")).wait_for()
        wait_until_idle(page)
        page.keyboard.press("m")
        page.wait_for_url(re.compile("match=all"))
        page.get_by_role("radio", name="Inconclusive").wait_for()
        page.get_by_role("combobox", name="Typology").wait_for()
        wait_until_idle(page)
        page.set_viewport_size({"width": 900, "height": 800})
        page.keyboard.press("d")
        page.wait_for_function(IN_SIGHT)
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
    saved = re.compile(r"decisions? recorded, each with its own audit entry")
    first.keyboard.press("Control+Enter")
    first.get_by_text(saved).wait_for()
    second.keyboard.press("Control+Enter")
    second.get_by_text(re.compile("while you were looking at it")).wait_for()
    wait_until_idle(first)
    first.locator("body").press("u")
    first.get_by_text(re.compile("taken back: everybody stands as before")).wait_for()
