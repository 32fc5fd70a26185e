"""Bars in a real browser: a click is an address, the same click again takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

from tests.browser.driving import steady, wait_until_idle
from tests.dashboard import tiny_database as tiny

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SUBJECT = "investigate?entity=merchant:mer_2"
MARKS = ".barlayer .point path, .scatterlayer .point"
_CENTRES = f"""(() => {{
    const charts = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
    const plots = charts.map((chart) => chart.querySelector('.js-plotly-plot'));
    if (!plots.every((plot) => plot?.querySelector('.main-svg'))) return null;
    if (!plots.every((plot) => plot._ev?._events?.plotly_selected)) return null;
    return charts.map((chart) => [...chart.querySelectorAll('{MARKS}')])
        .filter((marks) => marks.length > 0)
        .map((marks) => marks.map((mark) => {{
            const box = mark.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }}));
}})()"""
"""Where the bars and dots of each chart are, null while one is not drawn or hears no click yet."""


def click_mark(page: Page, chart: int, mark: int) -> None:
    """Click a bar or a dot. Plotly draws after the app says it is idle: wait until it has."""
    is_drawn = f"({_CENTRES})?.[{chart}]?.at({mark}) !== undefined"
    page.wait_for_function(f"() => {is_drawn}")
    page.mouse.click(*steady(page, f"({is_drawn} ? {_CENTRES} : null)")[chart][mark])


def until_asked(page: Page, **wanted: str) -> None:
    """Return when the address holds `wanted` and none of the others; empty = not there."""
    for name, value in wanted.items():
        script = "([n, v]) => (new URL(location.href).searchParams.get(n) ?? '') === v"
        page.wait_for_function(script, arg=[name, value])
    wait_until_idle(page)


def test_a_click_on_a_family_keeps_it_and_another_lets_it_go(
    tiny_url: str, open_page: Callable[..., Page]
) -> None:
    """Family, then one of its features, then the family again: each is a step of the address."""
    page = open_page(f"{tiny_url}/{SUBJECT}&tab=why")
    click_mark(page, 0, -1)
    page.wait_for_function("() => location.search.includes('family=')")
    wait_until_idle(page)
    family = parse_qs(urlparse(page.url).query)["family"][0]
    click_mark(page, 1, -1)
    page.wait_for_function("() => location.search.includes('feature=')")
    page.get_by_text("Evidence:").wait_for()
    until_asked(page, family=family)
    click_mark(page, 0, -1)
    until_asked(page, family="", feature="")


def test_a_click_on_a_day_compares_with_it(tiny_url: str, open_page: Callable[..., Page]) -> None:
    """The score's own line chooses the date."""
    page = open_page(f"{tiny_url}/{SUBJECT}&tab=compare")
    click_mark(page, 0, 0)  # the oldest day was Low in its build, which keeps no point
    until_asked(page, since=str(tiny.WEEKS[1]))
    expect(page.get_by_text("What stayed the same gets nothing")).to_be_visible()
