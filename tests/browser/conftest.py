"""The real app in a real Chromium: server, browser, and a guard on both.

A test asks for `app_url(database)` and `open_page(url)`. When it ends, any
console error, page error or request to another machine fails it, so that no
browser test can pass over them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from urllib.error import URLError

import pytest
from playwright.sync_api import expect, sync_playwright

from dashboard.web.process import APP
from dashboard.web.process import ROOT as APP_FOLDER
from tests.browser.driving import PATIENCE_MILLISECONDS, wait_until_idle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
)  # fmt: skip
"""Without a graphics process that works in software: nothing of ours is drawn by WebGL."""
BARE = ["--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false"]
SERVER_SECONDS = 120
STOP_SECONDS = 30
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
ColorScheme = Literal["light", "dark"]


@dataclass
class Guard:
    """What a page did that it must not do."""

    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything `page` says and asks for."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
        if not request.url.startswith(local):
            self.faults.append(f"request left the machine: {request.url}")


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


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Collects faults of every page of this test and fails it when there were any."""
    watching = Guard()
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_page(chromium: Browser, guard: Guard) -> Iterator[Callable[..., Page]]:
    """`open_page(url, color_scheme="light")`: a fresh 1440x900 page, loaded and idle."""
    contexts = []

    def go(url: str, color_scheme: ColorScheme = "light") -> Page:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 900},
            color_scheme=color_scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_init_script(_GRAPH)
        page = context.new_page()
        guard.watch(page)
        page.goto(url)
        wait_until_idle(page)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`app_url(database)`: the address of a real server on that database.

    One server per database and environment for the whole session; its casebook
    lies beside the server's log, not beside the database. Further keyword
    arguments are environment variables, e.g. RINGFENCE_ROLE="approver"; `script` is
    another Streamlit file to serve instead of the app.
    """
    running: dict[tuple[Any, ...], tuple[subprocess.Popen[bytes], str]] = {}

    def serve(database: Path, *, script: Path = APP, **environment: str) -> str:
        key = (database, script, *sorted(environment.items()))
        if key not in running:
            folder = tmp_path_factory.mktemp("server")
            settings = {"RINGFENCE_DATABASE": str(database), **environment}
            running[key] = _start(script, folder, settings)
        return running[key][1]

    yield serve
    for process, _ in running.values():
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:  # it is only in the way; what it served was tested
        process.kill()
        process.wait()


def _start(
    script: Path, folder: Path, settings: dict[str, str]
) -> tuple[subprocess.Popen[bytes], str]:
    port = _free_port()
    casebook = {"RINGFENCE_CASEBOOK_URL": f"sqlite:///{folder / 'casebook.sqlite'}"}
    environment = {**os.environ, **casebook, **settings}
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += [] if script == APP else BARE  # the app brings its own configuration
    home = APP_FOLDER if script == APP else folder
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    _wait_for(url, process, folder / "server.log")
    return process, url


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=10):  # noqa: S310 -- ours
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"The server at {url} did not start:\n{log.read_text()[-2000:]}")
