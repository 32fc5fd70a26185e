"""Going to the next case: CPU of the server, and of a browser, for each tab that opens with it.

    python -m benchmarks.next_case build/ringfence.duckdb

Analysts press Next hundreds of times a day. Two clients: a websocket that speaks Streamlit's
protocol and clicks the button itself, so that no browser shares the cores with the server, and
Chromium, which says what its main thread worked (CDP `Performance`) and what crossed the
network (CDP `Network`).
"""

from __future__ import annotations

import statistics
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

import queries
from benchmarks import pages
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psutil  # type: ignore[import-untyped]
    from playwright.sync_api import CDPSession, Page

    from benchmarks.pages import Visit

STEPS = 15
"""Cases gone to behind each median; the first is gone to once more before and not counted."""
TABS = ("facts", "why", "drift", "details")
CHROMIUM = "/usr/bin/chromium"
SERVER_COLUMNS = ("tab", "CPU ms", "p90 CPU ms", "wall ms", "KB", "messages")
BROWSER_COLUMNS = ("tab", "task ms", "p90 task ms", "script ms", "layout ms", "KB over the socket")
FIRST_COLUMNS = ("tab", "requests", "KB of files", "KB over the socket", "KB in all", "task ms")
_IDLE = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-stale=true]');
}"""
_TITLE = "() => document.querySelector('[data-testid=stMain] h2')?.textContent"
_STILL_MS = 400
_WIDTH, _HEIGHT = 1440, 900
FULL = 100.0
_PATIENCE_MS = 60_000


@dataclass
class Network:
    """What crossed the network so far: requests, bytes of files, bytes over the socket."""

    requests: int = 0
    files: int = 0
    socket: int = 0

    def listen(self, devtools: CDPSession) -> None:
        """Count from now on; files as they travel, compressed where they are."""
        devtools.on("Network.responseReceived", self._request)
        devtools.on("Network.loadingFinished", self._file)
        devtools.on("Network.webSocketFrameReceived", self._frame)
        devtools.send("Network.enable")

    def _request(self, _: dict[str, Any]) -> None:
        self.requests += 1

    def _file(self, event: dict[str, Any]) -> None:
        self.files += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        # Binary frames arrive here as base64.
        self.socket += len(event["response"]["payloadData"]) * 3 // 4


def main(database: Path) -> None:
    """Measure both on a built database; prints three tables."""
    with TemporaryDirectory(prefix="ringfence-bench-") as folder:
        _measure(Path(folder), database)


def run(folder: Path) -> None:
    """Measure both on the built sample; prints three tables."""
    _measure(folder, built(folder, SAMPLE_ORDERS).database)


def _measure(folder: Path, database: Path) -> None:
    first = first_case(database)
    with pages.serving(folder, database) as (server, url):
        walks = {tab: _walk(server, url, first, tab) for tab in TABS}
        show("Next: CPU of the server", SERVER_COLUMNS, [_row(*one) for one in walks.items()], "")
        with _chromium() as page:
            seen = {tab: _browse(page, url, first, tab) for tab in TABS}
    views = [(tab, *view) for tab, (view, _) in seen.items()]
    show("The first view, with nothing kept", FIRST_COLUMNS, views, "Files as they travel.")
    steps = [(tab, *step) for tab, (_, step) in seen.items()]
    show("Next: main thread of the browser", BROWSER_COLUMNS, steps, f"Medians of {STEPS}.")


def first_case(database: Path) -> str:
    """The subject with the highest priority among shops and creators, as `type:id`."""
    sellers = "entity_type in ('merchant', 'creator')"
    best = f"select entity_type || ':' || entity_id from alerts.alerts where {sellers}"
    with queries.connect(database) as con:
        return str(queries.scalar(con, f"{best} order by priority desc"))


def _walk(server: psutil.Process, url: str, first: str, tab: str) -> list[Visit]:
    """Next after next of one session, as many as `STEPS`."""
    with pages.session(server, url) as session:
        session.run("investigate", urlencode({"entity": first, "tab": tab}))
        session.click("Next")
        session.click("Previous")
        return [session.click("Next") for _ in range(STEPS)]


def _row(tab: str, visits: list[Visit]) -> tuple[object, ...]:
    cpu = sorted(visit.cpu_ms for visit in visits)
    middle = [
        statistics.median(getattr(visit, name) for visit in visits)
        for name in ("wall_ms", "received_kb", "messages")
    ]
    return tab, statistics.median(cpu), cpu[int(len(cpu) * 0.9)], *middle


@contextmanager
def _chromium() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        browser.close()


def _browse(
    page: Page, url: str, first: str, tab: str
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The first view of a tab with nothing kept, then Next after Next."""
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        viewport={"width": _WIDTH, "height": _HEIGHT}
    )
    own = context.new_page()
    devtools, network = context.new_cdp_session(own), Network()
    network.listen(devtools)
    devtools.send("Performance.enable")
    own.goto(f"{url}/investigate?{urlencode({'entity': first, 'tab': tab})}")
    _settle(own)
    files, socket = network.files / 1e3, network.socket / 1e3
    view = (network.requests, files, socket, files + socket, _metrics(devtools)["TaskDuration"])
    steps = [_press_next(own, devtools, network) for _ in range(STEPS + 1)][1:]
    context.close()
    task = sorted(one[0] for one in steps)
    middle = [statistics.median(one[place] for one in steps) for place in (1, 2, 3)]
    return view, (statistics.median(task), task[int(len(task) * 0.9)], *middle)


def _press_next(
    page: Page, devtools: CDPSession, network: Network
) -> tuple[float, float, float, float]:
    """Milliseconds of all tasks, of scripts, of layout and styles, and KB received."""
    before, received, title = _metrics(devtools), network.socket, page.evaluate(_TITLE)
    page.get_by_role("button", name="Next").first.click()
    page.wait_for_function(f"old => ({_TITLE})() !== old", arg=title, timeout=_PATIENCE_MS)
    _settle(page)
    spent = {name: value - before[name] for name, value in _metrics(devtools).items()}
    layout = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
    return spent["TaskDuration"], spent["ScriptDuration"], layout, (network.socket - received) / 1e3


def _settle(page: Page) -> None:
    """Return when nothing was drawn or asked for during a while."""
    page.wait_for_function(_IDLE, timeout=_PATIENCE_MS)
    while True:
        before = page.evaluate("() => document.body.innerHTML.length")
        page.wait_for_timeout(_STILL_MS)
        page.wait_for_function(_IDLE, timeout=_PATIENCE_MS)
        if page.evaluate("() => document.body.innerHTML.length") == before:
            return


def _metrics(devtools: CDPSession) -> dict[str, float]:
    """Chromium's own counters of the page, its times in milliseconds."""
    counters = devtools.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] * 1e3 for one in counters if "Duration" in one["name"]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
