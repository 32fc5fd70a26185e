"""The shell in a real browser: without a database it still is a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

OUR_FONT = """() => [...document.fonts].some(
    (face) => face.family.includes('Inter') && face.status === 'loaded')"""
PAGES = ("Queue", "Investigate", "Community", "Metrics", "Model", "Data", "Tour")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_shell_stands_without_a_database(
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path_factory: pytest.TempPathFactory,
    color_scheme: str,
) -> None:
    """Every page is in the navigation, our own font is on, and the remedy is on the page."""
    nowhere: Path = tmp_path_factory.getbasetemp() / "nowhere.duckdb"
    page = open_page(app_url(nowhere), color_scheme)
    page.get_by_text("No database at").wait_for()
    expect(page.get_by_text("ringfence build")).to_be_visible()
    for name in PAGES:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.wait_for_function(OUR_FONT)
    assert page.title()
