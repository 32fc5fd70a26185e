"""Going to the next case: CPU of the server, and of a browser, for each tab that opens with it.

    python -m benchmarks.next_case build/ringfence.duckdb

Analysts press Next hundreds of times a day. Two clients: a websocket that speaks Streamlit's
protocol and clicks the button itself, so that no browser shares the cores with the server, and
Chromium, which says what its main thread worked (CDP `Performance`, in CPU time) and what
crossed the network (CDP `Network`).
"""

from __future__ import annotations

import re
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
    from playwright.sync_api import Browser, CDPSession, Page

    from benchmarks.pages import Visit

STEPS = 9
"""Cases gone to behind each median, after one that is not counted."""
ON_END = 48
"""Cases gone to without a look at another tab: what two dozen share is read twice in them."""
TABS = ("facts", "why", "drift", "details")
CHROMIUM = "/usr/bin/chromium"
SERVER_COLUMNS = ("tab", "CPU ms", "p90 CPU ms", "mean CPU ms", "wall ms", "KB", "messages")
BROWSER_COLUMNS = ("tab", "task ms", "p90 task ms", "script ms", "layout ms", "KB over the socket")
FIRST_COLUMNS = ("tab", "requests", "KB of files", "KB over the socket", "KB in all", "task ms")
_IDLE = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-stale=true]');
}"""
_SAID = f"Medians of {STEPS} cases that nobody looked at before; beyond Facts a tab of them."
_STILL_MS = 400
_WIDTH, _HEIGHT = 1440, 900
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
        walk = _walk(server, url, first)
        show("The next case: CPU of the server", SERVER_COLUMNS, _rows(walk), _SAID)
        with _chromium() as browser:
            views = [(tab, *_first_view(browser, url, first, tab)) for tab in TABS]
            steps = _browse(browser, url, first)
    show("The first view, with nothing kept", FIRST_COLUMNS, views, "Files as they travel.")
    show("The next case: main thread of the browser", BROWSER_COLUMNS, steps, _SAID)


def first_case(database: Path) -> str:
    """The subject with the highest priority among shops and creators, as `type:id`."""
    sellers = "entity_type in ('merchant', 'creator')"
    best = f"select entity_type || ':' || entity_id from alerts.alerts where {sellers}"
    with queries.connect(database) as con:
        return str(queries.scalar(con, f"{best} order by priority desc"))


def _walk(server: psutil.Process, url: str, first: str) -> dict[str, list[Visit]]:
    """Next after next of one session; at each case the other tabs are opened too."""
    on_end = f"{TABS[0]}, {ON_END} on end"
    visits: dict[str, list[Visit]] = {tab: [] for tab in (*TABS, on_end)}
    with pages.session(server, url) as session:
        session.run("investigate", urlencode({"entity": first}))
        session.click("Next")
        for _ in range(STEPS):
            visits[TABS[0]].append(session.click("Next"))
            query = session.query
            for tab in TABS[1:]:
                visits[tab].append(session.run("investigate", f"{query}&tab={tab}"))
            session.ask("investigate", query)
        visits[on_end] = [session.click("Next") for _ in range(ON_END)]
    return visits


def _rows(walk: dict[str, list[Visit]]) -> list[tuple[object, ...]]:
    rows = []
    for tab, visits in walk.items():
        cpu = sorted(visit.cpu_ms for visit in visits)
        middle = [
            statistics.median(getattr(visit, name) for visit in visits)
            for name in ("wall_ms", "received_kb", "messages")
        ]
        p90, mean = cpu[int(len(cpu) * 0.9)], statistics.mean(cpu)
        rows.append((tab, statistics.median(cpu), p90, mean, *middle))
    return rows


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Tab]:
    """A page with nothing kept, at `address` and drawn."""
    context = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT})
    page, network = context.new_page(), Network()
    devtools = context.new_cdp_session(page)
    network.listen(devtools)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    _settle(page)
    yield Tab(page, devtools, network)
    context.close()


def _first_view(browser: Browser, url: str, first: str, tab: str) -> tuple[object, ...]:
    address = f"{url}/investigate?{urlencode({'entity': first, 'tab': tab})}"
    with _opened(browser, address) as opened:
        files, socket = opened.network.files / 1e3, opened.network.socket / 1e3
        task = opened.metrics()["TaskDuration"]
        return opened.network.requests, files, socket, files + socket, task


def _browse(browser: Browser, url: str, first: str) -> list[tuple[object, ...]]:
    """Next after Next, and at each case a click on the other tabs."""
    steps: dict[str, list[tuple[float, ...]]] = {tab: [] for tab in TABS}
    with _opened(browser, f"{url}/investigate?{urlencode({'entity': first})}") as tab:
        tab.press("Next")
        for name in TABS[1:]:
            tab.press(name.capitalize())
        for _ in range(STEPS):
            steps[TABS[0]].append(tab.press("Next"))
            for name in TABS[1:]:
                steps[name].append(tab.press(name.capitalize()))
    rows: list[tuple[object, ...]] = []
    for name, costs in steps.items():
        task = sorted(one[0] for one in costs)
        middle = [statistics.median(one[place] for one in costs) for place in (1, 2, 3)]
        rows.append((name, statistics.median(task), task[int(len(task) * 0.9)], *middle))
    return rows


@dataclass(frozen=True)
class Tab:
    """A page of the browser with its counters."""

    page: Page
    devtools: CDPSession
    network: Network

    def press(self, label: str) -> tuple[float, ...]:
        """Milliseconds of all tasks, of scripts, of layout and styles, and KB received."""
        before, received, address = self.metrics(), self.network.socket, self.page.url
        # A button's name ends with its key, and a help or a popover may hold the words of a tab.
        is_tab = label.lower() in TABS
        name = label if is_tab else re.compile(rf"^{label}\b")
        self.page.get_by_role(
            "radio" if is_tab else "button", name=name, exact=is_tab
        ).first.click()
        self.page.wait_for_function(
            "old => location.href !== old", arg=address, timeout=_PATIENCE_MS
        )
        _settle(self.page)
        spent = {name: value - before[name] for name, value in self.metrics().items()}
        layout = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
        kb = (self.network.socket - received) / 1e3
        return spent["TaskDuration"], spent["ScriptDuration"], layout, kb

    def metrics(self) -> dict[str, float]:
        """Chromium's own counters of the page, its times in milliseconds."""
        counters = self.devtools.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] * 1e3 for one in counters if "Duration" in one["name"]}


def _settle(page: Page) -> None:
    """Return when nothing was drawn or asked for during a while."""
    page.wait_for_function(_IDLE, timeout=_PATIENCE_MS)
    while True:
        before = page.evaluate("() => document.body.innerHTML.length")
        page.wait_for_timeout(_STILL_MS)
        page.wait_for_function(_IDLE, timeout=_PATIENCE_MS)
        if page.evaluate("() => document.body.innerHTML.length") == before:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
