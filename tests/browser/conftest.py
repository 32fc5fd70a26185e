"""The real app in a real Chromium: server, browser, and a guard on both.

A test asks for `app_url(database)` and `open_page(url)`. When it ends, any
console error, page error or request to another machine fails it, so that no
browser test can pass over them.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from playwright.sync_api import expect, sync_playwright

from dashboard.web.process import APP
from tests.browser.driving import PATIENCE_MILLISECONDS, wait_until_idle
from tests.browser.profiles import Guard, Profiles
from tests.browser.servers import Servers
from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.profiles import ColorScheme

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
)  # fmt: skip
"""Without a graphics process that works in software: nothing of ours is drawn by WebGL."""


def _missing() -> NoReturn:
    sentence = f"{CHROMIUM} is missing. Get it: apt-get install chromium chromium-driver"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all browser tests; skipped (in CI: failed) without it."""
    if not CHROMIUM.exists():
        _missing()
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """The browsers of people, for all tests."""
    return Profiles(chromium)


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Collects faults of every page of this test and fails it when there were any."""
    watching = Guard()
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_page(profiles: Profiles, guard: Guard) -> Iterator[Callable[..., Page]]:
    """`open_page(url, color_scheme="light")`: a 1440x900 page of nobody, loaded and idle."""
    pages = []

    def go(url: str, color_scheme: ColorScheme = "light") -> Page:
        page = profiles.page(color_scheme)
        pages.append(page)
        guard.watch(page)
        page.goto(url)
        wait_until_idle(page)
        return page

    yield go
    for page in pages:
        guard.leave(page)
        profiles.give_back(page)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`app_url(database)`: the address of a real server on that database.

    One server per database and environment for the whole session; its casebook
    lies beside the server's log, not beside the database. Further keyword
    arguments are environment variables, e.g. RINGFENCE_ROLE="approver"; `script` is
    another Streamlit file to serve instead of the app, and `by_command` starts it as
    people do, imports and all.
    """
    servers = Servers(partial(tmp_path_factory.mktemp, "server"))

    def serve(
        database: Path, *, script: Path = APP, by_command: bool = False, **environment: str
    ) -> str:
        settings = {"RINGFENCE_DATABASE": str(database), **environment}
        return servers.url(script, settings, by_command=by_command)

    yield serve
    servers.stop()


@pytest.fixture(scope="session")
def tiny_url(app_url: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the tiny database, for tests that decide nothing."""
    return app_url(tiny_database.write(tmp_path_factory.mktemp("tiny") / "tiny.duckdb"))
