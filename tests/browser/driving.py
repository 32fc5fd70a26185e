"""What tests do to a page in the browser, and how they wait for what it does.

A loaded machine makes every step slower and none impossible, so a test waits for what its
step brings about (an address, an element that only the answer draws), then until the page
is idle, and only then takes the next. Stillness is counted in frames drawn, not in seconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.profiles import ColorScheme

PATIENCE_MILLISECONDS = 120_000
"""For a step on a machine with much else to do; only a failing test waits so long."""
RETRY_MILLISECONDS = 15_000
TRIES = 5
STILL_FRAMES = 6
BACKGROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
_IS_DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"
_IDLE = """(() => {
    const app = document.querySelector('[data-testid=stApp]');
    const main = document.querySelector('[data-testid=stMain]');
    const isIdle = app?.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-stale=true]');
    return isIdle && main ? [main.scrollHeight, main.querySelectorAll('*').length] : null;
})()"""
_GRAPH = """(() => {
    const graph = window.ringfenceGraph;
    const [first] = graph?.ids() ?? [];
    return first ? [graph.camera(), graph.point(first)] : null;
})()"""


def steady(page: Page, expression: str) -> Any:
    """The value of a JavaScript expression once some frames left it as it is; null never is."""
    page.evaluate("() => { window.ringfenceSeen = {}; }")
    script = f"""() => {{
        const value = JSON.stringify({expression} ?? null), seen = window.ringfenceSeen;
        const frames = seen?.value === value ? seen.frames + 1 : 0;
        window.ringfenceSeen = {{ value, frames }};
        return value !== 'null' && frames >= {STILL_FRAMES} ? {{ value: JSON.parse(value) }} : null;
    }}"""
    return page.wait_for_function(script, timeout=PATIENCE_MILLISECONDS).json_value()["value"]


def wait_until_idle(page: Page) -> None:
    """Return when no script run is going on, all is drawn, and nothing moves any more.

    A run that was asked for a moment ago may not have begun: wait for its effect first.
    """
    steady(page, _IDLE)


def in_both_themes(page: Page) -> Iterator[ColorScheme]:
    """The theme that the page was loaded in, then the other, with the page drawn in it.

    A change of theme is a third of the work of a load, and the next page is loaded in the other.
    """
    is_dark = page.evaluate(_IS_DARK)
    yield "dark" if is_dark else "light"
    before = page.evaluate(BACKGROUND)
    other: ColorScheme = "light" if is_dark else "dark"
    page.emulate_media(color_scheme=other)
    page.wait_for_function(f"() => ({BACKGROUND})() !== '{before}'")
    wait_until_idle(page)
    yield other


def wait_for_graph(page: Page) -> None:
    """Return when the community graph is drawn, fitted and still."""
    steady(page, _GRAPH)


def ask(page: Page, question: str) -> Any:
    """What the graph's test hook answers."""
    return page.evaluate(f"() => window.ringfenceGraph.{question}")


def aim(page: Page, node: str) -> tuple[float, float]:
    """Where a node of the graph is in the viewport, once it stays there."""
    point = steady(page, f"window.ringfenceGraph?.point('{node}')")
    return point["x"], point["y"]


def repeat_until(page: Page, act: Callable[[], None], reached: str) -> None:
    """Act until a JavaScript condition holds; for acts that do no more when done twice.

    Two clicks that a loaded machine delivers too slowly are no double-click, and one held
    too long is no click: nothing on the page is at fault then.
    """
    for _ in range(TRIES):
        act()
        try:
            page.wait_for_function(reached, timeout=RETRY_MILLISECONDS)
        except PlaywrightTimeoutError:
            continue
        return
    page.wait_for_function(reached, timeout=RETRY_MILLISECONDS)


def choose(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    """Open a list and pick from it; a list that was still closing is opened again."""
    box = page.get_by_role("combobox", name=re.compile(label))
    choice = page.get_by_role("option", name=option).first
    for _ in range(TRIES):
        if not choice.is_visible():
            box.click()
        try:
            choice.click(timeout=RETRY_MILLISECONDS)
        except PlaywrightTimeoutError:
            continue
        return
    choice.click(timeout=RETRY_MILLISECONDS)


def find(page: Page, typed: str) -> None:
    """Type into the box of *Find*, which is open or opening, and press Enter.

    A box that still opens takes the keyboard once more, and sends nothing before its form
    is whole.
    """
    box = page.get_by_role("dialog").get_by_role("textbox", name="Name or id")
    expect(box).to_be_focused()
    wait_until_idle(page)
    box.fill(typed)
    box.press("Enter")


def tick_evidence(page: Page) -> None:
    """Every piece of the playbook's evidence that the form of a decision lists."""
    for tick in page.locator(".st-key-decide_panel").get_by_test_id("stCheckbox").all():
        tick.click()
        wait_until_idle(page)


def propose(page: Page, reason: str | re.Pattern[str], action: str, note: str) -> None:
    """Fill in the form of a decision against the subject that is open, and save it."""
    page.locator(".st-key-decide_panel").get_by_text("Confirmed", exact=True).click()
    choose(page, "Reasons", reason)
    page.keyboard.press("Escape")
    tick_evidence(page)
    choose(page, "Action", action)
    page.get_by_role("textbox", name="Note").fill(note)
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Decision recorded and audited.").wait_for()
    wait_until_idle(page)
