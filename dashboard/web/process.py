"""The web server as a child process: started, waited for, and ended with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import AddressTaken

if TYPE_CHECKING:
    from rich.console import Console

APP = Path(__file__).with_name("asgi.py")
ROOT = Path(__file__).parents[1]
"""Folder of `.streamlit/config.toml`, which Streamlit looks for where it is started."""
STOP_SECONDS = 10
"""How long a server may take to end before that is an error."""
POLL_SECONDS = 0.1
"""How often a starting server is asked whether it answers."""


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """`http://127.0.0.1:8501`."""
        return f"http://{self.host}:{self.port}"


def refuse_taken(address: Address) -> None:
    """Say so before a server is started that could not listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise AddressTaken(
                f"Cannot listen on {address.host}:{address.port} ({error.strerror}).",
                "Stop what uses it, or choose another: --port 8502",
            ) from error


def serve(database: Path, address: Address, browser: bool, out: Console) -> int:
    """Run the web server until it is told to stop; its exit code."""
    refuse_taken(address)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.address", address.host, "--server.port", str(address.port)),
        *("--server.headless", "false" if browser else "true"),
        *("--logger.hideWelcomeMessage", "true"),
    ]
    environment = {**os.environ, "RINGFENCE_DATABASE": str(database.absolute())}
    # A plain kill must end the server too, not leave it holding the port.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    # In a session of its own, so that Ctrl-C reaches us alone and is said once.
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        if _answers(address, process):
            out.print(f"Ringfence is at {address.url} (Ctrl-C ends it).")
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        process.kill()  # does nothing to one that has ended
        out.print("Stopped.")
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _answers(address: Address, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server takes connections; False when it ended instead."""
    while process.poll() is None:
        target = (address.host, address.port)
        with contextlib.suppress(OSError), socket.create_connection(target, timeout=1):
            return True
        time.sleep(POLL_SECONDS)
    return False
