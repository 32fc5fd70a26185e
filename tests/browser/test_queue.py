"""The queue by keyboard in a real browser: no key lands anywhere but where it is meant to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

import queries
from tests.browser.driving import find, repeat_until, wait_until_idle
from tests.laws.queue import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pipeline.build import Report

PAGE = 12
"""Cases of one page: `dashboard.state.PAGE_SIZES`."""
_ESCAPE_EARLY = """() => {
    document.activeElement.blur();
    const init = { key: "Escape", code: "Escape", bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", init));
}"""
"""Escape while the dialog is seen and the keyboard is not yet in it: half a second, when busy."""


def param(page: Page, name: str) -> str:
    """A parameter of the address."""
    return parse_qs(urlparse(page.url).query).get(name, [""])[0]


def press(page: Page, key: str, wanted: str) -> None:
    """Press a key and wait for what it does to the address."""
    page.keyboard.press(key)
    page.wait_for_url(re.compile(wanted))
    wait_until_idle(page)


def test_keys_move_the_mark_whatever_was_done_before(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """After a choice, after a search, over the border of a page; a header sorts nothing."""
    with queries.connect(built.database) as con:
        ids = listed(con)["case_id"].to_list()
    page = open_page(app_url(built.database, RINGFENCE_USER="keys"))

    page.get_by_role("button", name="Filters").click()
    chip = page.get_by_text(re.compile(r"^Critical \d")).first
    chip.click()
    page.wait_for_url(re.compile("band=CRIT"))
    wait_until_idle(page)
    press(page, "j", "case=")
    page.keyboard.press("Escape")

    page.get_by_role("button", name=re.compile("Band: Critical")).click()
    page.wait_for_url(re.compile(r"^((?!band).)*$"))
    wait_until_idle(page)
    search = page.get_by_label("Search").first
    search.fill("a")
    search.press("Enter")
    page.wait_for_url(re.compile("search=a"))
    wait_until_idle(page)
    press(page, "j", "case=")
    expect(page.get_by_label("Search").first).to_have_value("a")

    page.goto(f"{app_url(built.database, RINGFENCE_USER='keys')}/?page=2")
    page.get_by_role("button", name="Previous Shortcut").wait_for()
    wait_until_idle(page)
    table = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert table
    page.mouse.click(table["x"] + 860, table["y"] + 15)
    press(page, "k", "case=")
    assert (param(page, "page"), param(page, "case")) == ("", ids[PAGE - 1])
    press(page, "j", "page=2")
    assert param(page, "case") == ids[PAGE]

    page.mouse.move(table["x"] + 300, table["y"] + 15)
    page.mouse.click(table["x"] + 450, table["y"] + 15)
    menu = page.get_by_test_id("stDataFrameColumnMenu")
    menu.wait_for()
    expect(menu.get_by_text("Autosize")).to_be_visible()
    expect(menu.get_by_text("Sort ascending")).to_be_hidden()
    expect(menu.get_by_text("Sort descending")).to_be_hidden()


def test_anybody_is_found_from_the_keyboard(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A sign opens the box, an id and Enter the subject, on any page; the keys say themselves."""
    sql = "select min(entity_id) from graph.entities where entity_type = '{}'"
    with queries.connect(built.database) as con:
        entity_id, other_id = (
            str(queries.scalar(con, sql.format(kind))) for kind in ("merchant", "creator")
        )
    page = open_page(app_url(built.database, RINGFENCE_USER="keys"))
    is_open = "() => Boolean(document.querySelector('[role=dialog]'))"
    repeat_until(page, lambda: page.keyboard.press("?"), is_open)
    page.get_by_text("these keys").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    repeat_until(page, lambda: page.keyboard.press("?"), is_open)
    page.evaluate(_ESCAPE_EARLY)
    expect(page.get_by_role("dialog")).to_have_count(0)
    repeat_until(page, lambda: page.keyboard.press("/"), is_open)
    find(page, entity_id)
    page.wait_for_url(re.compile(rf"/investigate\?.*{entity_id}"))
    page.get_by_text("Last 7 days beside", exact=False).first.wait_for()
    repeat_until(page, lambda: page.keyboard.press("ControlOrMeta+k"), is_open)
    find(page, other_id)
    page.wait_for_url(re.compile(rf"/investigate\?.*{other_id}"))
