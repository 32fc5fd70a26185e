"""The map of rings in a real browser: to scale, legible, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import queries
from tests.browser.driving import ask, steady, wait_for_graph, wait_until_idle
from tests.browser.graph_checks import overlaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pipeline.build import Report

MONEY = "select ring_id, value_usd from rings.rings order by value_usd desc, ring_id limit 3"


def test_the_map_is_to_scale_and_leads_to_the_case(
    built: Report, app_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    """Areas, names, the keyboard, the list as its twin, the legend, and a click."""
    with queries.connect(built.database) as con:
        money = dict(con.execute(MONEY).fetchall())
    page = open_page(f"{app_url(built.database)}/rings")
    wait_for_graph(page)
    assert overlaps(page) == []
    assert ask(page, "labels().length") > 2
    first, *others = money
    for other in others:
        areas = [ask(page, f"area('{ring}')") for ring in (first, other)]
        assert areas[1] / areas[0] == pytest.approx(money[other] / money[first], rel=0.03)
    page.locator(".rf-spot[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => window.ringfenceGraph.selected()")
    marked = ask(page, "selected()")
    wait_until_idle(page)
    assert page.evaluate(
        "() => document.activeElement?.shadowRoot?.activeElement?.dataset.ring"
    ) in (
        marked,
        None,
    )
    before = len(ask(page, "ids()"))
    page.locator(".rf-typologies button:not([disabled])").first.click()
    page.wait_for_function(f"() => window.ringfenceGraph?.ids().length < {before}")
    assert "typology=" in page.url
    wait_until_idle(page)
    ring = ask(page, "ids()")[0]
    point = steady(page, f"window.ringfenceGraph?.point('{ring}')")
    page.mouse.click(point["x"], point["y"])
    page.wait_for_url(f"**/case?**id={ring}**")
