"""What tests do to a page in the browser, and what they ask its graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def ask(page: Page, question: str) -> Any:
    """What the graph's test hook answers."""
    return page.evaluate(f"() => window.ringfenceGraph.{question}")


def settle(page: Page, wait_until_idle: Callable[[Page], None]) -> None:
    """Let a click reach the server, then wait for its answer."""
    page.wait_for_timeout(250)
    wait_until_idle(page)
