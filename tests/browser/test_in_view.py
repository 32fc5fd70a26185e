"""Charts below the fold in a real browser: drawn when scrolled to, and nothing jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.driving import wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, ViewportSize

WHY = "investigate?entity=merchant:mer_2&tab=why"
CHARTS = "[data-testid=stPlotlyChart]"
PLACE = ".st-key-in_view-why"
SHORT: ViewportSize = {"width": 1440, "height": 320}
_HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"


def _height(page: Page) -> float:
    box = page.locator(PLACE).bounding_box()
    assert box
    return box["height"]


def _short(open_page: Callable[..., Page], url: str) -> Page:
    """The page in a window so low that the chart is below it."""
    page = open_page(f"{url}/queue")
    page.set_viewport_size(SHORT)
    page.goto(f"{url}/{WHY}")
    page.locator(CHARTS).first.wait_for()
    wait_until_idle(page)
    return page


def _show_top(page: Page) -> None:
    """Scroll until the first pixels of the place are in the window; its button is below."""
    page.evaluate(
        """(place) => {
            const main = document.querySelector("[data-testid=stMain]");
            const below = document.querySelector(place).getBoundingClientRect().top;
            main.scrollTop += below - innerHeight + 20;
        }""",
        PLACE,
    )


def test_a_chart_is_drawn_when_it_is_scrolled_to(
    tiny_url: str, open_page: Callable[..., Page]
) -> None:
    """Not before; its place and all below stay where they were."""
    page = _short(open_page, tiny_url)
    waiting = page.locator(f"{PLACE} button")
    expect(waiting).to_be_attached()
    before, height = _height(page), page.evaluate(_HEIGHT)
    _show_top(page)
    page.locator(f"{PLACE} .main-svg").first.wait_for()
    wait_until_idle(page)
    assert _height(page) == before
    assert page.evaluate(_HEIGHT) == height


def test_a_click_in_the_turn_of_a_chart_is_seen(
    tiny_url: str, open_page: Callable[..., Page]
) -> None:
    """Evidence opens though the browser sends both as one message; a slow one does so often."""
    page = _short(open_page, tiny_url)
    page.evaluate(
        """(place) => document.addEventListener("click", ({ target }) => {
            const evidence = "[class*=st-key-evidence] button, [class*=st-key-holds] button";
            if (target.closest(place)) document.querySelector(evidence).click();
        })""",
        PLACE,
    )
    page.locator(f"{PLACE} button").scroll_into_view_if_needed()
    page.get_by_text("Recomputed from these rows").first.wait_for()
    page.locator(f"{PLACE} .main-svg").first.wait_for()
