"""Browsers of people: each with cookies and storage of its own, emptied after every test.

A page in a new context compiles all scripts anew, which is most of what it costs: 3.6 CPU seconds
in place of 1.3 in one that has shown a page of the same server.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Error

from tests.browser.driving import PATIENCE_MILLISECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize
    from playwright.sync_api import Error as PageError

ColorScheme = Literal["light", "dark"]
WINDOW: ViewportSize = {"width": 1440, "height": 900}
_GRAPH = """Object.defineProperty(window, 'ringfenceGraph', { get: () => {
    const seek = (root) => {
        for (const element of root.querySelectorAll('*')) {
            if (element.__ringfence) return element.__ringfence;
            const found = element.shadowRoot && seek(element.shadowRoot);
            if (found) return found;
        }
        return null;
    };
    return seek(document);
} });"""
"""The graph that is on the page now: a rerun may have drawn another since the last look."""
_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass
class Guard:
    """What a page did that it must not do."""

    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything `page` says and asks for."""
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def leave(self, page: Page) -> None:
        """Listen no longer."""
        page.remove_listener("console", self._console)
        page.remove_listener("pageerror", self._error)
        page.remove_listener("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    def _error(self, error: PageError) -> None:
        self.faults.append(f"page error: {error}")

    def _request(self, request: Request) -> None:
        local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
        if not request.url.startswith(local):
            self.faults.append(f"request left the machine: {request.url}")


@dataclass
class Profiles:
    """Pages in contexts of their own: the first of a test, the second, ... are used again."""

    browser: Browser
    empty: list[Page] = field(default_factory=list)

    def page(self, color_scheme: ColorScheme) -> Page:
        """An empty page for somebody who is at no other of this test."""
        page = self.empty.pop(0) if self.empty else self._made()
        page.emulate_media(color_scheme=color_scheme)
        return page

    def _made(self) -> Page:
        context = self.browser.new_context(viewport=WINDOW, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(_GRAPH)
        return context.new_page()

    def give_back(self, page: Page) -> None:
        """Take a page whose test is over; one that cannot be emptied is closed for good."""
        with suppress(Error):
            _empty(page)
            self.empty.append(page)
            return
        page.context.close()


def _empty(page: Page) -> None:
    """Leave nothing of what was done: other tabs, storage, cookies, the size of the window."""
    for other in page.context.pages:
        if other != page:
            other.close()
    if page.url.startswith("http"):
        page.evaluate(_FORGET)
    page.goto("about:blank")
    page.context.clear_cookies()
    page.set_viewport_size(WINDOW)
    page.mouse.move(0, 0)
