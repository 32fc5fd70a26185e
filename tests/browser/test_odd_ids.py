"""An id of any characters in a real browser: opened by key, decided about, linked, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from dashboard import text
from tests.browser.driving import repeat_until, wait_until_idle
from tests.dashboard import renaming
from tests.dashboard.tiny_entities import DOCUMENTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

NOTE = "Nothing to be seen yet."


@pytest.mark.parametrize("identifier", ["EU/mer 1#@br%2F?a=b&c", "=店:'\"<b>\u200f" + "0" * 200])
def test_an_odd_id_is_opened_decided_and_linked(
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path: Path,
    identifier: str,
) -> None:
    """The address is encoded once: what the key opens, a reload opens too."""
    url = app_url(renaming.write(tmp_path / "odd.duckdb", "mer_1", identifier))
    page = open_page(f"{url}/?entity_type=merchant")
    page.get_by_role("button", name="Open", exact=False).first.wait_for()
    wait_until_idle(page)
    there = "() => location.pathname === '/case'"
    repeat_until(page, lambda: page.keyboard.press("o"), there)
    page.get_by_role("heading", name="Brushing: 2 accounts, 1 shop").wait_for()
    wait_until_idle(page)
    page.goto(f"{url}/investigate?entity={quote(f'merchant:{identifier}', safe='')}")
    page.get_by_role("button", name="Save decision").wait_for()
    wait_until_idle(page)
    page.get_by_text("Inconclusive", exact=True).first.click()
    page.get_by_role("textbox", name="Note").fill(NOTE)
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Decision recorded and audited.").wait_for()
    page.reload()
    expect(page.get_by_text(NOTE).first).to_be_visible()
    expect(page.get_by_role("heading", name="Lucky Bazaar")).to_be_visible()
    page.goto(f"{page.url}&feature={DOCUMENTED}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download rows").click()
    assert download.value.suggested_filename.startswith(text.file_stem(identifier))
    assert download.value.path().stat().st_size > 0
