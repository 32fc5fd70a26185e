"""Small traps that only a real browser shows: the keyboard, a reload, and what stood before."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from tests.browser.driving import PATIENCE_MILLISECONDS, wait_until_idle
from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

NOTE = "half a thought, and nobody left the field"
ROW = "() => !!document.querySelector('[role=gridcell][aria-selected=true]')"
WATCH = """(old) => {
    const head = () => document.querySelector('[data-testid=stMain] h2')?.innerText;
    const name = head();
    window.ringfenceStale = [];
    const look = () => {
        const left = [...document.querySelectorAll(`[class*="${old}"]`)].filter(
            (part) => part.offsetParent !== null);
        if (head() && head() !== name) window.ringfenceStale.push(left.length);
        requestAnimationFrame(look);
    };
    look();
}"""
"""Counts, in every frame in which another name stands there, what is left of the old subject."""


def test_enter_opens_a_row_and_what_is_typed_outlives_a_reload(
    app_url: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    """By keyboard from the list to the note; then the next subject, with nothing of this one."""
    casebook = f"sqlite:///{tmp_path / 'casebook.sqlite'}"
    database = tiny_database.write(tmp_path / "tiny.duckdb")
    page = open_page(app_url(database, RINGFENCE_CASEBOOK_URL=casebook) + "/investigate")
    page.locator("[data-testid=data-grid-canvas]").first.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function(ROW)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"entity="))
    note = page.get_by_role("textbox", name="Note")
    note.wait_for()
    wait_until_idle(page)
    assert re.fullmatch(r".+ · Investigate · Ringfence", page.title())
    note.press_sequentially(NOTE)
    key = page.evaluate("() => new URLSearchParams(location.search).get('entity')")
    _wait_for_draft(casebook, key)
    page.reload()
    page.get_by_text("You left this unfinished").wait_for()
    expect(note).to_have_value(NOTE)

    page.evaluate(WATCH, key.partition(":")[2])
    page.get_by_role("button", name="Next Shortcut").click()
    page.wait_for_function("() => window.ringfenceStale.length > 5")
    wait_until_idle(page)
    assert set(page.evaluate("() => window.ringfenceStale")) == {0}


def _wait_for_draft(casebook: str, key: str) -> None:
    deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1000.0
    while time.monotonic() < deadline:
        draft = open_casebook(casebook).draft(key, viewer=Viewer("analyst"))
        if draft and draft["note"] == NOTE:
            return
        time.sleep(0.1)
    raise AssertionError("What was typed was not kept.")
