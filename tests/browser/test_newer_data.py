"""A page looks for newer data while it is open; a page that somebody went to stays whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pipeline.build import Report

OFTEN = """(() => {
    const setInterval_ = window.setInterval;
    window.setInterval = (act, pause, ...rest) =>
        setInterval_(act, pause === 20000 ? 150 : pause, ...rest);
})()"""
"""What is looked for every 20 seconds is looked for all the time: also while a page changes."""
PAGES = ("Metrics", "Rings", "Model", "Drift", "Queue")
HEAD_PARTS = 5
"""Parts that a page has above its own, at most."""
CALM_MILLISECONDS = 4500
"""Two of the pauses after which the browser looks."""


def test_a_page_stays_whole_while_newer_data_are_looked_for(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Each page of a walk keeps its parts, however soon after the click data are looked for."""
    page = open_page(app_url(built.database, RINGFENCE_USER="newer"))
    page.add_init_script(OFTEN)
    looks = 0

    def count(sent: bytes | str) -> None:
        nonlocal looks
        looks += isinstance(sent, bytes) and b"look_for_newer" in sent

    page.on("websocket", lambda socket: socket.on("framesent", count))
    page.reload()
    menu = page.get_by_test_id("stTopNavLinkContainer")
    parts = page.get_by_test_id("stMain").get_by_test_id("stElementContainer")
    for name in (*PAGES, *PAGES):
        menu.get_by_text(name, exact=True).click()
        expect(page).to_have_title(f"{name} · Ringfence")
        page.wait_for_timeout(CALM_MILLISECONDS)
        assert parts.count() > HEAD_PARTS, name
    assert looks >= len(PAGES)
