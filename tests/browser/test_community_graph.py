"""The graph in a real browser: every act of an analyst; names stay text."""

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
from tests.browser.graph_checks import overlaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("graph_app.py")
RUNS = re.compile(r"^run \d+$")
FIRST, SECOND, SHOP = "buyer:buy_0", "buyer:buy_1", "merchant:mer_0"


@pytest.fixture
def page(
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path_factory: pytest.TempPathFactory,
) -> Page:
    """A drawn graph of a shop and twelve buyers."""
    shown = open_page(app_url(tmp_path_factory.getbasetemp() / "none.duckdb", script=SCRIPT))
    wait_for_graph(shown)
    return shown


def select(page: Page, node: str) -> None:
    """Click on a node until it is the selected one."""
    page.locator(".rf-canvas").scroll_into_view_if_needed()
    chosen = f"() => window.ringfenceGraph?.selected().node === '{node}'"
    repeat_until(page, lambda: page.mouse.click(*aim(page, node)), chosen)


def press(page: Page, name: str) -> None:
    """Press a button of the graph's own row."""
    page.get_by_role("button", name=name, exact=True).click()


def until(page: Page, condition: str) -> None:
    """Wait until a condition on the graph's hook `g` holds."""
    page.wait_for_function(f"() => {{ const g = window.ringfenceGraph; return g && {condition}; }}")


def test_a_click_selects_a_node_or_a_line_and_python_knows(page: Page) -> None:
    """What is selected reaches the page as ids of the network."""
    select(page, SECOND)
    expect(page.get_by_text(f"selected {SECOND}")).to_be_visible()
    answer = "() => document.body.innerText.includes(\"('buyer:buy_0', 'buyer:buy_1')\")"
    point = ask(page, f"between('{FIRST}', '{SECOND}')")
    repeat_until(page, lambda: page.mouse.click(point["x"], point["y"]), answer)
    assert ask(page, "selected().node") is None


def test_a_double_click_expands_and_nothing_else_moves(page: Page) -> None:
    """Newcomers appear; old nodes and the camera stay exactly where they were; undo works."""
    before, camera = ask(page, "positions()"), ask(page, "camera()")
    grown = "() => window.ringfenceGraph?.ids().length === 17"
    repeat_until(page, lambda: page.mouse.dblclick(*aim(page, FIRST)), grown)
    after = ask(page, "positions()")
    assert {node: after[node] for node in before} == before
    assert "4 neighbours added" in ask(page, "legend().sentence")
    press(page, "Undo")
    until(page, "g.ids().length === 13")
    assert ask(page, "positions()") == before
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
    assert ask(page, "payloads()") == 1


def test_what_is_hidden_or_folded_comes_back(page: Page) -> None:
    """Hiding takes a node and its lines off and says so; a shop folds with its accounts."""
    select(page, SHOP)
    press(page, "Hide")
    until(page, f"g.ids().length === 12 && !g.ids().includes('{SHOP}')")
    assert ask(page, "edges().length") == 11
    assert "1 hidden by you" in ask(page, "legend().sentence")
    press(page, "Undo")
    until(page, "g.ids().length === 13 && g.edges().length === 19")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    select(page, SHOP)
    press(page, "Collapse")
    until(page, "g.ids().length === 5")
    assert ask(page, "edges().length") == 4
    legend = ask(page, "legend()")
    assert "1 lines to folded groups" in legend["sentence"]
    press(page, "Unfold")
    until(page, "g.ids().length === 13")


def test_a_path_is_marked_and_a_name_is_found(page: Page) -> None:
    """The fewest links between two; part of a name is enough to go to its node."""
    select(page, FIRST)
    press(page, "Path")
    repeat_until(
        page,
        lambda: page.mouse.click(*aim(page, "buyer:buy_11")),
        "() => window.ringfenceGraph?.marked().edges.length > 0",
    )
    assert ask(page, "marked().nodes") == [
        *(f"buyer:buy_{n}" for n in range(5)),
        SHOP,
        "buyer:buy_11",
    ]
    expect(page.get_by_text("6 ties:")).to_be_visible()
    page.keyboard.press("Escape")
    until(page, "g.marked().edges.length === 0")
    page.get_by_role("searchbox", name="Find in the graph").fill("velvet")
    until(page, f"g.marked().nodes.includes('{SHOP}')")
    at, camera = ask(page, "positions()")[SHOP], ask(page, "camera()")
    assert (round(camera["x"]), round(camera["y"])) == (round(at["x"]), round(at["y"]))
    expect(page.get_by_text("Velvet Goods, 1 of 1")).to_be_visible()


def test_slider_and_filters_leave_what_they_say(page: Page) -> None:
    """Nodes and links by the day they were first seen, links by kind; no run of the page."""
    runs = page.get_by_text(RUNS).inner_text()
    slider = page.get_by_role("slider", name="Day until which the graph is shown")
    day = ask(page, "reach().first") + 5
    slider.fill(str(day))
    assert ask(page, "edges().length") == 6
    days = ask(page, "reach().days")
    assert sorted(ask(page, "ids()")) == sorted(key for key, span in days.items() if span[0] <= day)
    press(page, "Step")
    assert ask(page, "edges().length") > 6
    slider.press("End")
    assert ask(page, "edges().length") == 19
    press(page, "Filter")
    page.get_by_role("checkbox", name="same device").uncheck()
    until(page, "g.edges().length === 8")
    assert len(ask(page, "ids()")) == 13
    press(page, "All ties")
    until(page, "g.edges().length === 19")
    page.get_by_role("slider", name="Strength at least").fill("3")
    until(page, "g.edges().length === 6")
    assert page.get_by_text(RUNS).inner_text() == runs


def test_the_legend_counts_what_is_drawn(page: Page) -> None:
    """Each group of the legend adds up to the picture, after hiding too, by band and by part."""
    select(page, SHOP)
    press(page, "Hide")
    until(page, "g.ids().length === 12")
    for _ in range(2):
        legend = ask(page, "legend()")
        sums = {"shape": 0, "colour": 0, "line": 0}
        for entry in legend["entries"]:
            sums[entry["group"]] += entry["count"]
        drawn = len(ask(page, "ids()"))
        assert sums == {"shape": drawn, "colour": drawn, "line": len(ask(page, "edges()"))}
        page.get_by_role("button", name=re.compile("^By (band|part)$")).click()
    assert legend["sentence"].startswith("Showing 12 of 20 members, 11 of 24 ties, chosen evenly")
    assert "Merchant" not in page.locator(".rf-legend").inner_text()


def test_names_hide_neither_nodes_nor_names(page: Page) -> None:
    """At rest and after zooming in; most nodes have theirs."""
    for _ in range(2):
        steady(page, "window.ringfenceGraph?.labels().length")
        assert overlaps(page) == []
        press(page, "Zoom in")
    assert len(ask(page, "labels()")) > 6


def test_table_and_graph_have_one_selection(page: Page) -> None:
    """A row selects its node, a node its row; arrows move, Escape clears."""
    press(page, "Table")
    rows = page.get_by_role("row", selected=True)
    page.get_by_role("row").filter(has_text="Velvet Goods").click()
    until(page, f"g.selected().node === '{SHOP}'")
    expect(rows).to_have_count(1)
    select(page, SECOND)
    expect(rows).to_contain_text("Buyer 1")
    page.locator(".rf-canvas").focus()
    page.keyboard.press("ArrowRight")
    until(page, f"g.selected().node !== '{SECOND}'")
    page.keyboard.press("Escape")
    until(page, "g.selected().node === null")
    expect(rows).to_have_count(0)


def test_the_picture_follows_the_theme_and_is_saved(page: Page) -> None:
    """A system that goes dark turns the picture dark, with no rerun; the button saves an image."""
    assert ask(page, "theme()").lower() == "#ffffff"
    page.emulate_media(color_scheme="dark")
    until(page, "g.theme().toLowerCase() !== '#ffffff'")
    with page.expect_download() as download:
        press(page, "Save as PNG")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_hostile_name_is_only_ever_text(page: Page) -> None:
    """The tooltip shows the markup as typed; no script ran and no request was made."""
    page.mouse.move(*aim(page, FIRST))
    page.get_by_text("<img src=x onerror=").first.wait_for()
    press(page, "Table")
    page.get_by_role("row").filter(has_text="<img src=x onerror=").wait_for()
    assert page.title() != "owned"


def test_the_graph_can_be_used_without_a_mouse(page: Page) -> None:
    """It has a name, takes focus, and its buttons are labelled."""
    graph = page.get_by_role("application", name="Community graph: 13 entities, 19 links.")
    graph.focus()
    before = ask(page, "camera()")["scale"]
    page.get_by_role("button", name="Zoom in").press("Enter")
    page.wait_for_function(f"() => window.ringfenceGraph?.camera().scale > {before}")
    page.get_by_role("button", name="Fit to view").press("Enter")
