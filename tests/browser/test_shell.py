"""The shell in a real browser: without a database it still is a product."""

from __future__ import annotations

from contextlib import closing, suppress
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.driving import BACKGROUND, wait_until_idle
from tests.browser.proxy import proxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

OUR_FONT = """() => [...document.fonts].some(
    (face) => face.family.includes('Inter') && face.status === 'loaded')"""
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PAGES = ("Queue", "Investigate", "Rings", "Community", "Metrics", "Model", "Data", "Tour")


@pytest.fixture(scope="module")
def url(app_url: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a server without a database."""
    return app_url(tmp_path_factory.getbasetemp() / "nowhere.duckdb", by_command=True)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_shell_stands_without_a_database(
    url: str, open_page: Callable[..., Page], color_scheme: str
) -> None:
    """Every page is in the navigation, our own font is on, and the remedy is on the page."""
    page = open_page(url, color_scheme)
    page.get_by_text("No database at").wait_for()
    expect(page.get_by_text("ringfence build")).to_be_visible()
    for name in PAGES:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.wait_for_function(OUR_FONT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    assert page.title() == "Queue · Ringfence"


@pytest.mark.parametrize("path", ["/queue", "/Queue/", "/nowhere", "/no/where/", "/METRICS/"])
def test_every_address_leads_somewhere(url: str, open_page: Callable[..., Page], path: str) -> None:
    """Another spelling to its page, an unknown one to the queue: never to "Page not found"."""
    page = open_page(url + path)
    page.get_by_text("No database at").wait_for()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    name = path.strip("/").lower()
    assert page.url.startswith(f"{url}/metrics" if name == "metrics" else f"{url}/")


@pytest.mark.parametrize("strips", [True, False], ids=["path taken off", "path left on"])
def test_the_app_works_below_a_path_of_a_proxy(
    app_url: Callable[..., str],
    open_page: Callable[..., Page],
    tmp_path_factory: pytest.TempPathFactory,
    strips: bool,
) -> None:
    """A deep link, a click and a reload, with our fonts, whatever the proxy does to the path."""
    nowhere: Path = tmp_path_factory.getbasetemp() / "nowhere.duckdb"
    url = app_url(nowhere, STREAMLIT_SERVER_BASE_URL_PATH="risk")
    with proxy(int(url.rpartition(":")[2]), "/risk", strips=strips) as port:
        root = f"http://127.0.0.1:{port}/risk"
        page = open_page(f"{root}/metrics")
        page.get_by_text("No database at").wait_for()
        page.wait_for_function(OUR_FONT)
        page.get_by_role("link", name="Model", exact=True).click()
        page.wait_for_url(f"{root}/model")
        wait_until_idle(page)
        page.reload()
        page.get_by_text("No database at").wait_for()
        assert page.url == f"{root}/model"
        page.get_by_role("link", name="Queue", exact=True).click()
        page.wait_for_url(f"{root}/")
        wait_until_idle(page)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("PUT", "/_stcore/upload_file/session/file", {}, 405),
        ("GET", "/_stcore/metrics", {}, 404),
        ("GET", "/", {"Host": "evil.example"}, 403),
        ("GET", "/_stcore/stream", {**UPGRADE, "Origin": "https://evil.example"}, 403),
        ("GET", "/_stcore/stream", {**UPGRADE, "Origin": "http://127.0.0.1:1"}, 403),
        ("GET", "/_stcore/stream", UPGRADE, 101),
        ("GET", "/", {}, 200),
    ],
)
def test_the_server_as_it_runs_is_closed(
    url: str,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    """To uploads, to metrics, to names and origins that are not its own; open to its pages."""
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=60)) as connection:
        body = b"x" * 1_000_000 if method == "PUT" else None
        with suppress(ConnectionError):  # it may hang up before it has read what it refuses
            connection.request(method, path, body, headers)
        assert connection.getresponse().status == status


def test_the_theme_is_one_choice_for_all_pages(url: str, open_page: Callable[..., Page]) -> None:
    """Chosen on one page, it is that of another page after a reload and of a tab that is open."""
    page = open_page(url)
    other = page.context.new_page()
    other.goto(f"{url}/metrics")
    wait_until_idle(other)
    light = other.evaluate(BACKGROUND)
    page.bring_to_front()
    page.locator("[data-testid=stMainMenu] button").click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    page.wait_for_function(f"() => ({BACKGROUND})() !== '{light}'")
    other.wait_for_function(f"() => ({BACKGROUND})() !== '{light}'")
    other.goto(f"{url}/rings")
    wait_until_idle(other)
    assert other.evaluate(BACKGROUND) == page.evaluate(BACKGROUND) != light
