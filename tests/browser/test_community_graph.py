"""The graph in a real browser: click, expand, drag, rerun; names stay text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.driving import (
    aim,
    ask,
    repeat_until,
    steady,
    wait_for_graph,
    wait_until_idle,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("graph_app.py")
RUNS = re.compile(r"^run \d+$")
FIRST, SECOND = "buyer:buy_0", "buyer:buy_1"


@pytest.fixture
def page(
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path_factory: pytest.TempPathFactory,
) -> Page:
    """A drawn graph of twelve buyers."""
    shown = open_page(app_url(tmp_path_factory.getbasetemp() / "none.duckdb", script=SCRIPT))
    wait_for_graph(shown)
    return shown


def test_a_click_selects_and_python_knows(page: Page) -> None:
    """The selected node reaches the page as one of the network's own ids."""
    answer = f"() => document.body.innerText.includes('selected {SECOND}')"
    repeat_until(page, lambda: page.mouse.click(*aim(page, SECOND)), answer)
    expect(page.get_by_text(f"selected {SECOND}")).to_be_visible()


def test_a_double_click_expands_and_nothing_else_moves(page: Page) -> None:
    """Newcomers appear; old nodes and the camera stay exactly where they were."""
    before, camera = ask(page, "positions()"), ask(page, "camera()")
    grown = "() => window.ringfenceGraph?.ids().length === 16"
    repeat_until(page, lambda: page.mouse.dblclick(*aim(page, FIRST)), grown)
    after = ask(page, "positions()")
    assert {node: after[node] for node in before} == before
    assert ask(page, "camera()") == camera


def test_what_was_dragged_stays_after_a_rerun(page: Page) -> None:
    """A rerun is not a redraw."""
    before, (x, y) = ask(page, "positions()")[SECOND], aim(page, SECOND)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    moved = steady(page, f"window.ringfenceGraph?.positions()['{SECOND}']")
    assert moved != before
    runs = int(page.get_by_text(RUNS).inner_text().split()[1])
    page.get_by_role("button", name="Rerun").click()
    expect(page.get_by_text(f"run {runs + 1}", exact=True)).to_be_visible()
    wait_until_idle(page)
    assert ask(page, "positions()")[SECOND] == moved


def test_a_hostile_name_is_only_ever_text(page: Page) -> None:
    """The tooltip shows the markup as typed; no script ran and no request was made."""
    page.mouse.move(*aim(page, FIRST))
    page.get_by_text("<img src=x onerror=").wait_for()
    assert page.title() != "owned"


def test_the_graph_can_be_used_without_a_mouse(page: Page) -> None:
    """It has a name, takes focus, and its buttons are labelled."""
    graph = page.get_by_role("img", name="Community graph: 12 entities, 1 links.")
    graph.focus()
    before = ask(page, "camera()")["scale"]
    page.get_by_role("button", name="Zoom in").press("Enter")
    page.wait_for_function(f"() => window.ringfenceGraph?.camera().scale > {before}")
    page.get_by_role("button", name="Fit to view").press("Enter")
