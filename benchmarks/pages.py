"""What a visit costs the server: CPU of the real process for each page, over its own protocol.

A client speaks Streamlit's websocket protobuf directly, so that no browser shares
the cores with what is measured. Streamlit collects garbage after it has answered;
the clock therefore stops a moment after the answer, when the process is idle.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

import queries
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built
from dashboard.web.process import APP, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

WARM_RUNS = 9
"""Visits and reruns behind each warm median."""
COLD_RUNS = 7
"""Fresh servers behind each cold median."""
COLD = ("queue", "investigate, facts", "community, list", "metrics", "model")
"""Places measured cold, one a page: a fresh server takes seconds, and tabs share its imports."""
_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
APOLOGY = b"Something went wrong here"
"""What a page says of an error that nobody foresaw."""
START_SECONDS, ANSWER_SECONDS = 60.0, 60.0
SETTLE_SECONDS, SETTLED_CPU = 0.15, 0.002
COLUMNS = (
    *("page", "cold CPU ms", "warm CPU ms", "rerun CPU ms"),
    *("warm wall ms", "rerun wall ms", "warm KB", "rerun KB"),
)


@dataclass(frozen=True)
class Visit:
    """What one script run cost."""

    cpu_ms: float
    wall_ms: float
    received_kb: float
    messages: int = 0


@dataclass
class Session:
    """One browser tab: a websocket and the messages it need not be sent again."""

    socket: ClientConnection
    server: psutil.Process
    cached: set[str] = field(default_factory=set)
    buttons: dict[str, str] = field(default_factory=dict)
    """The id of each button by its label, as drawn last."""
    query: str = ""
    page: str = ""
    """The hash of the page that is shown."""
    messages: int = 0

    def run(self, page: str, query: str) -> Visit:
        """Ask for a page as a browser does and wait until the server is idle again."""
        return self._measured(lambda: self.ask(page, query))

    def click(self, label: str) -> Visit:
        """Click a button by its label and wait until the server is idle again."""
        request = BackMsg()
        request.rerun_script.page_script_hash = self.page
        request.rerun_script.query_string = self.query
        state = request.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = self.buttons[label], True
        return self._measured(lambda: self._answer(request, label))

    def ask(self, page: str, query: str) -> int:
        """Ask for a page as a browser does; the bytes of the answer once it is whole."""
        request = BackMsg()
        request.rerun_script.page_name, request.rerun_script.query_string = page, query
        self.query = query
        return self._answer(request, page)

    def _measured(self, ask: Callable[[], int]) -> Visit:
        cpu, wall, messages = cpu_seconds(self.server), time.perf_counter(), self.messages
        received = ask()
        wall = time.perf_counter() - wall
        cpu = settled_cpu(self.server) - cpu
        return Visit(cpu * 1e3, wall * 1e3, received / 1e3, self.messages - messages)

    def _answer(self, request: BackMsg, what: str) -> int:
        """Bytes of everything up to the end of the script run."""
        request.rerun_script.cached_message_hashes.extend(sorted(self.cached))
        self.socket.send(request.SerializeToString())
        received, is_whole = 0, False
        while not is_whole:
            message = bytes(self.socket.recv(timeout=ANSWER_SECONDS))  # type: ignore[arg-type]
            answer = ForwardMsg()
            answer.ParseFromString(message)
            received += len(message)
            if APOLOGY in message:
                raise RuntimeError(f"{what} says that something went wrong.")
            is_whole = self._note(answer, what)
        return received

    def _note(self, answer: ForwardMsg, what: str) -> bool:
        """Remember what a browser would; True at the end of the run, unless it begins anew."""
        self.messages += 1
        kind, element = answer.WhichOneof("type"), answer.delta.new_element
        if answer.metadata.cacheable:
            self.cached.add(answer.hash)
        if kind == "navigation":
            self.page = answer.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        elif element.WhichOneof("type") == "exception":
            raise RuntimeError(f"{what} failed: {element.exception.message}")
        elif element.WhichOneof("type") == "button":
            self.buttons[element.button.label] = element.button.id
        return kind == "script_finished" and answer.script_finished != _AGAIN


def run(folder: Path) -> None:
    """Measure every page on the built sample; prints the table."""
    database = built(folder, SAMPLE_ORDERS).database
    places = addresses(database)
    cold = {name: _cold(folder, database, *places[name]) for name in COLD}
    with serving(folder, database) as (server, url):
        warm = {name: _warm(server, url, *place) for name, place in places.items()}
    rows = [_row(name, cold.get(name, ""), *warm[name]) for name in places]
    reruns = {name: cost for name, _, _, cost, *_ in rows}
    slowest = max(reruns, key=lambda name: reruns[name])
    sentence = (
        f"Medians of {WARM_RUNS} (cold: {COLD_RUNS}), in ticks of 10 ms. "
        f"The dearest rerun, {slowest}, costs "
        f"{reruns[slowest] / reruns['queue']:.1f} times that of the queue; one process can serve "
        f"{1000.0 / reruns[slowest]:.0f} of it a second."
    )
    show("Server CPU of a page", COLUMNS, rows, sentence)


def addresses(database: Path) -> dict[str, tuple[str, str]]:
    """Page name and query string of each place worth measuring, by title."""
    best = "select entity_type || ':' || entity_id from alerts.alerts {} order by priority desc"
    ring = "select community_id from alerts.alerts where community_id is not null"
    with queries.connect(database) as con:
        seller = "where community_id is not null and entity_type in ('merchant', 'creator')"
        entity = queries.scalar(con, best.format(seller)) or queries.scalar(con, best.format(""))
        community = queries.scalar(con, f"{ring} order by priority desc")
    tabs = ("facts", "why", "compare", "drift", "community", "timeline", "orders", "details")
    opened = {
        f"investigate, {tab}": ("investigate", {"entity": entity, "tab": tab}) for tab in tabs
    }
    places: dict[str, tuple[str, dict[str, str]]] = {
        "queue": ("queue", {}),
        **opened,
        "community, list": ("community", {}),
        "community, one": ("community", {"community": community}),
        "metrics": ("metrics", {}),
        "model": ("model", {}),
        "data": ("data", {}),
        "data, lineage": ("data", {"section": "lineage", "of": "merchant"}),
    }
    return {name: (page, urlencode(params)) for name, (page, params) in places.items()}


def _cold(folder: Path, database: Path, page: str, query: str) -> float:
    """Median CPU ms of the first visit that a fresh server ever gets."""
    costs = []
    for _ in range(COLD_RUNS):
        with serving(folder, database) as (server, url), session(server, url) as tab:
            costs.append(tab.run(page, query).cpu_ms)
    return statistics.median(costs)


def _warm(
    server: psutil.Process, url: str, page: str, query: str
) -> tuple[list[Visit], list[Visit]]:
    """First visits of new sessions, and reruns of the last one, after one unmeasured visit."""
    firsts: list[Visit] = []
    reruns: list[Visit] = []
    for number in range(WARM_RUNS + 1):
        with session(server, url) as tab:
            firsts.append(tab.run(page, query))
            if number == WARM_RUNS:
                reruns = [tab.run(page, query) for _ in range(WARM_RUNS)]
    return firsts[1:], reruns


def _row(
    name: str, cold: object, firsts: list[Visit], reruns: list[Visit]
) -> tuple[str, object, float, float, float, float, float, float]:
    def middle(visits: list[Visit], what: str) -> float:
        return float(statistics.median(getattr(visit, what) for visit in visits))

    cpu = (middle(firsts, "cpu_ms"), middle(reruns, "cpu_ms"))
    wall = (middle(firsts, "wall_ms"), middle(reruns, "wall_ms"))
    sent = (middle(firsts, "received_kb"), middle(reruns, "received_kb"))
    return name, cold, *cpu, *wall, *sent


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def settled_cpu(process: psutil.Process) -> float:
    """CPU seconds of a process once it has stopped working."""
    before = cpu_seconds(process)
    while True:
        time.sleep(SETTLE_SECONDS)
        now = cpu_seconds(process)
        if now - before <= SETTLED_CPU:
            return now
        before = now


@contextmanager
def session(server: psutil.Process, url: str) -> Iterator[Session]:
    """A new browser tab on the server."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    spoken = [Subprotocol("streamlit")]
    with connect(address, subprotocols=spoken, origin=Origin(url), max_size=None) as tab:
        yield Session(tab, server)


@contextmanager
def serving(folder: Path, database: Path) -> Iterator[tuple[psutil.Process, str]]:
    """The real app as its own process; its handle and address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address=127.0.0.1"]
    command += [f"--server.port={url.rpartition(':')[2]}", "--server.headless=true"]
    settings = {
        "RINGFENCE_DATABASE": str(database.absolute()),
        "RINGFENCE_CASEBOOK_URL": f"sqlite:///{folder / 'casebook.sqlite'}",
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
    try:
        wait_for(url, process)
        handle = psutil.Process(process.pid)
        settled_cpu(handle)
        yield handle, url
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers its health check; a RuntimeError when it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310 - ours
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"The server at {url} did not start within {START_SECONDS:.0f} s.")
