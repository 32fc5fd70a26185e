"""Servers of the app, each a process of its own, forked from one that has imported it all.

Imports are nearly the whole of a start (3.2 of 3.5 CPU seconds), and all tests of the browser
start some thirty servers.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import pytest

from dashboard.web.process import APP
from dashboard.web.process import ROOT as APP_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

BARE = ("--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false")
IMPORTED = (
    *("pandas", "plotly.graph_objects", "plotly.io", "alembic.command"),
    *("sqlalchemy.dialects.sqlite", "streamlit.web.bootstrap", "uvicorn", "dashboard.app"),
)
"""What a server imports until it has drawn its first page."""
SERVER_SECONDS = 120
STOP_SECONDS = 30


@dataclass(frozen=True)
class Started:
    """How a server is started: the script, its port, its environment and its log.

    `by_command` leaves nothing of the process that it was forked from, not even its imports.
    """

    script: Path
    port: int
    environment: dict[str, str]
    log: Path
    by_command: bool

    def run(self) -> None:
        """Be the command `streamlit run`."""
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(APP_FOLDER if self.script == APP else self.log.parent)
        with self.log.open("wb") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        own = () if self.script == APP else BARE  # the app brings its own configuration
        command = ["streamlit", "run", str(self.script), f"--server.port={self.port}", *own]
        if self.by_command:
            os.execve(  # noqa: S606 -- our own server
                sys.executable, [sys.executable, "-m", *command], self.environment
            )
        from streamlit.web import cli

        sys.argv = command
        cli.main()


@dataclass
class Servers:
    """One server per script and environment, its log and casebook in a folder of its own."""

    folder: Callable[[], Path]
    running: dict[tuple[Any, ...], tuple[ForkServerProcess, str]] = field(default_factory=dict)

    def url(self, script: Path, settings: dict[str, str], *, by_command: bool) -> str:
        """The address of the server of these settings."""
        key = (script, by_command, *sorted(settings.items()))
        if key not in self.running:
            self.running[key] = _start(self.folder(), script, settings, by_command=by_command)
        return self.running[key][1]

    def stop(self) -> None:
        """End all of them."""
        for process, _ in self.running.values():
            process.terminate()
        for process, _ in self.running.values():
            process.join(STOP_SECONDS)
            if process.is_alive():  # it is only in the way; what it served was tested
                process.kill()
                process.join()


def _start(
    folder: Path, script: Path, settings: dict[str, str], *, by_command: bool
) -> tuple[ForkServerProcess, str]:
    casebook = {"RINGFENCE_CASEBOOK_URL": f"sqlite:///{folder / 'casebook.sqlite'}"}
    environment = {**os.environ, **casebook, **settings}
    started = Started(script, _free_port(), environment, folder / "server.log", by_command)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    process = context.Process(target=started.run, daemon=True)
    process.start()
    url = f"http://127.0.0.1:{started.port}"
    _wait_for(url, process, started.log)
    return process, url


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(url: str, process: ForkServerProcess, log: Path) -> None:
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and process.is_alive():
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=10):  # noqa: S310 -- ours
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"The server at {url} did not start:\n{log.read_text()[-2000:]}")
