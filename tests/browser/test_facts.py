"""What an analyst does first: a figure and its rows, then the days on which it changed."""

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


def _busiest_shop(built: Report) -> str:
    sql = (
        "select merchant_id from metrics.merchant_days group by all order by sum(orders) desc, 1 "
        "limit 1"
    )
    with queries.connect(built.database) as con:
        return str(queries.scalar(con, sql))


def test_a_figure_opens_the_rows_that_make_it(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A click on a tile is in the address, and the rows below are of it; back undoes it."""
    shop = _busiest_shop(built)
    page = open_page(f"{app_url(built.database)}/investigate?entity=merchant:{shop}")
    page.get_by_role("button", name=re.compile(r"^GMV: ")).click()
    page.wait_for_url(re.compile(r"fact=gmv_usd"))
    wait_until_idle(page)
    expect(page.get_by_text(re.compile(r"^GMV, \d"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"orders; every one counts"))).to_be_visible()
    page.go_back()
    page.wait_for_url(lambda url: "fact=" not in url)


def test_a_day_of_the_sheet_opens_its_rows_and_a_drag_compares(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A click in the first small picture, then a drag over the large one."""
    shop = _busiest_shop(built)
    page = open_page(f"{app_url(built.database)}/investigate?entity=merchant:{shop}&tab=drift")
    sheet = page.locator(".js-plotly-plot").nth(0)
    first = sheet.locator(".nsewdrag").first
    first.wait_for()
    wait_until_idle(page)
    box = first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.9)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.9)
    page.wait_for_url(re.compile(r"day_from=20\d\d-\d\d-\d\d"))
    wait_until_idle(page)
    expect(page.get_by_text(re.compile(r"a day, .* in the 1 day before"))).to_be_visible()
    waiting = page.locator("[class*='st-key-in_view'] button")
    large = page.locator(".js-plotly-plot").nth(1).locator(".nsewdrag").first
    waiting.or_(large).first.scroll_into_view_if_needed()
    large.wait_for()
    large.scroll_into_view_if_needed()
    wait_until_idle(page)
    box = large.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.65, y, steps=6)
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=6)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"in the \d\d days before"))).to_be_visible()
