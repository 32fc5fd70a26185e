"""A manager's way in a real browser: a figure, its days by a drag, down into a slice and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.driving import wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from pipeline.build import Report


def test_a_figure_is_chosen_and_its_days_are_dragged_over(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """A click on a tile, then a drag over the line: both stand in the address."""
    page = open_page(f"{app_url(built.database)}/metrics")
    page.get_by_role("button", name=re.compile(r"^Paid orders: ")).click()
    page.wait_for_url(re.compile(r"metric=orders"))
    wait_until_idle(page)
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for()
    wait_until_idle(page)
    box = plot.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=8)
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=8)
    page.mouse.up()
    page.wait_for_url(re.compile(r"since=20\d\d-\d\d-\d\d"))
    wait_until_idle(page)
    expect(page.get_by_text(re.compile(r"^Paid orders: [\d,]+ from "))).to_be_visible()


def test_the_way_down_is_kept_in_the_address_and_leads_back(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Two steps down by link, one back by crumb, one by the browser's own button."""
    page = open_page(f"{app_url(built.database)}/metrics?market=US&channel=live")
    crumb = page.get_by_role("button", name=re.compile("US"), exact=False).first
    crumb.click()
    page.wait_for_url(lambda url: "market=US" in url and "channel" not in url)
    wait_until_idle(page)
    page.go_back()
    page.wait_for_url(re.compile("channel=live"))


def test_the_brief_is_one_file_and_the_same_each_time(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    """Two people who ask get the same bytes, and it opens without a request to anywhere."""
    address = f"{app_url(built.database)}/metrics"
    files = []
    for number in range(2):
        page = open_page(address)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Brief").click()
        file = tmp_path / f"brief-{number}.html"
        waiting.value.save_as(file)
        files.append(file.read_bytes())
    assert files[0] == files[1]
    text = files[0].decode()
    assert "What the figures are" in text
    assert "<script" not in text
