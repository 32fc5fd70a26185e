"""Many analysts at once: sessions that click through the app, their errors, waits and memory.

    python -m benchmarks.stress --build build --sessions 50 --seconds 120

Each session is a thread with a websocket of its own that speaks Streamlit's protocol, so that
no browser shares the cores; it reads a page for some seconds, then opens the next. The server
is `ringfence serve` itself, with its gate and its watchdog, and a casebook that is thrown away.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]

from benchmarks import pages
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built

if TYPE_CHECKING:
    from collections.abc import Iterator

SESSIONS, SECONDS, THINK_SECONDS = 50, 120.0, 5.0
"""Analysts, how long they work, and how long each reads a page on average."""
STOP_SECONDS = 20
MB = 1e6
SEED = 7
COLUMNS = (
    *("sessions", "seconds", "clicks", "errors", "p50 ms", "p95 ms", "max ms"),
    *("CPU s", "RSS start MB", "RSS peak MB", "restarts"),
)


@dataclass
class Tally:
    """What all sessions together met; threads append, nothing else."""

    waits_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """How many analysts work how long, and how long each reads a page on average."""

    sessions: int = SESSIONS
    seconds: float = SECONDS
    think_seconds: float = THINK_SECONDS


def run(folder: Path) -> None:
    """Measure the sample of the demo; prints the table."""
    stress(built(folder, SAMPLE_ORDERS).database, folder, Load())


def stress(database: Path, folder: Path, load: Load) -> Tally:
    """Let the sessions work on a server of their own; prints a row and each kind of error."""
    places = list(pages.addresses(database).values())
    tally = Tally()
    with served(database, folder) as (keeper, url):
        server = _server(keeper)
        start_mb, cpu = server.memory_info().rss / MB, pages.cpu_seconds(server)
        until = time.monotonic() + load.seconds
        threads = [
            threading.Thread(target=_work, args=(server, url, places, number, (load, until, tally)))
            for number in range(load.sessions)
        ]
        for thread in threads:
            thread.start()
        peak_mb = _peak(keeper, threads)
        now = _server(keeper)
        restarts = int(now.pid != server.pid)
        cpu = pages.cpu_seconds(now) - (0.0 if restarts else cpu)
    waits = sorted(tally.waits_ms) or [0.0]
    row = (
        *(load.sessions, load.seconds, len(tally.waits_ms), len(tally.errors)),
        *(statistics.median(waits), waits[int(0.95 * (len(waits) - 1))], waits[-1]),
        *(cpu, start_mb, peak_mb, restarts),
    )
    kinds = sorted(set(tally.errors))
    said = f"Each reads a page for {load.think_seconds:g} s on average. "
    said += " ".join(kinds[:5]) or "No error."
    show("Many analysts at once", COLUMNS, [row], said)
    return tally


def _work(
    server: psutil.Process,
    url: str,
    places: list[tuple[str, str]],
    number: int,
    task: tuple[Load, float, Tally],
) -> None:
    """One analyst: a websocket, then page after page until the time is up."""
    load, until, tally = task
    chance = random.Random(SEED + number)
    time.sleep(chance.uniform(0.0, min(load.think_seconds, load.seconds / 2)))
    try:
        with pages.session(server, url) as tab:
            while time.monotonic() < until:
                start = time.perf_counter()
                tab.ask(*chance.choice(places))
                tally.waits_ms.append((time.perf_counter() - start) * 1e3)
                pause = chance.expovariate(1.0 / load.think_seconds)
                time.sleep(min(pause, max(0.0, until - time.monotonic())))
    except Exception as error:  # noqa: BLE001 -- what it counts
        tally.errors.append(f"{type(error).__name__}: {str(error).partition(chr(10))[0][:120]}")


def _peak(keeper: psutil.Process, threads: list[threading.Thread]) -> float:
    """The most memory the server held while the threads worked, asked once a second, in MB."""
    peak = 0.0
    while any(thread.is_alive() for thread in threads):
        with suppress(psutil.Error, IndexError):
            peak = max(peak, _server(keeper).memory_info().rss / MB)
        time.sleep(1.0)
    return peak


def _server(keeper: psutil.Process) -> psutil.Process:
    """The web process that `ringfence serve` keeps."""
    return keeper.children()[0]


@contextmanager
def served(database: Path, folder: Path) -> Iterator[tuple[psutil.Process, str]]:
    """`ringfence serve` on a free port: its process and address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--build", str(database.parent)]
    casebook = {"RINGFENCE_CASEBOOK_URL": f"sqlite:///{folder / 'stress-casebook.sqlite'}"}
    with (folder / "stress.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], env={**os.environ, **casebook}, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    try:
        pages.wait_for(url, process)
        yield psutil.Process(process.pid), url
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


def main() -> int:
    """The command line; ends with 1 where a session met an error."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--build", type=Path, default=Path("build"), help="folder of the database")
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--think", type=float, default=THINK_SECONDS, help="seconds a page is read")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="ringfence-stress-") as folder:
        load = Load(asked.sessions, asked.seconds, asked.think)
        tally = stress(asked.build.absolute() / "ringfence.duckdb", Path(folder), load)
    return 1 if tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
