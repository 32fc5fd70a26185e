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
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import AddressTaken
from dashboard.people.proxy import BELIEVED
from dashboard.people.sign_in import auth_section, refuse_open, sign_in_of
from dashboard.places import casebook_url
from dashboard.web.gate import base_path, origin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from dashboard.outbox.sending import Sender

APP = Path(__file__).with_name("asgi.py")
ROOT = Path(__file__).parents[1]
"""Folder of `.streamlit/config.toml`, which Streamlit looks for where it is started."""
STOP_SECONDS = 10
"""How long a server may take to end before that is an error."""
POLL_SECONDS = 0.1
"""How often a starting server is asked whether it answers."""
CHECK_SECONDS = 5.0
"""How often a running one is."""
HUNG_SECONDS = 30.0
"""One that answers nothing for so long is ended and started anew."""
HEALTH = "/_stcore/health"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- read, not listened on
"""Addresses that stand for all of a machine's, and one of its own to be shown instead."""
STACKS_SIGNAL = signal.SIGUSR1
"""Tells a server to write the stacks of its threads (`dashboard.web.asgi`)."""
STACKS_SECONDS = 2.0


@dataclass(frozen=True)
class Address:
    """Where a server listens, and where people find it when that is behind a proxy.

    `base` is the path a proxy serves it below (`/risk`), `origins` the sites whose pages may
    talk to it besides its own (`https://risk.example.com`).
    """

    host: str
    port: int
    base: str = ""
    origins: tuple[str, ...] = ()

    @classmethod
    def of(cls, host: str, port: int, base: str, origins: Sequence[str]) -> Address:
        """The same from the command line; a RingfenceError where base or origins are none."""
        return cls(host, port, base_path(base), tuple(origin_of(one) for one in origins))

    @property
    def url(self) -> str:
        """`http://127.0.0.1:8501`; of the first origin where there are any."""
        host = EVERYWHERE.get(self.host, self.host)
        own = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        return (self.origins[0] if self.origins else own) + self.base


def refuse_unsafe(address: Address) -> None:
    """Say so before a server is started that others than this machine reach without a sign-in."""
    refuse_open(sign_in_of(auth_section()), address.host, address.origins)


def refuse_taken(address: Address) -> None:
    """Say so before a server is started that could not listen."""
    try:
        kind, *_, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise AddressTaken(
            f"Cannot listen on {address.host}:{address.port} ({error.strerror}).",
            "Stop what uses it, or choose another: --port 8502",
        ) from error


def serve(database: Path, address: Address, browser: bool, out: Console) -> int:
    """Run the web server until it is told to stop; its exit code."""
    refuse_unsafe(address)
    refuse_taken(address)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.address", address.host, "--server.port", str(address.port)),
        *("--server.headless", "false" if browser else "true"),
        *("--server.baseUrlPath", address.base),
        *chain.from_iterable(("--server.corsAllowedOrigins", one) for one in address.origins),
        *("--logger.hideWelcomeMessage", "true"),
    ]
    served = {"RINGFENCE_DATABASE": str(database.absolute()), BELIEVED: ""}
    environment = {**os.environ, **served}
    # A plain kill must end the server too, not leave it holding the port.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    start = partial(_started, command, environment)
    process = start()
    code, sender = None, None
    try:
        if _answers(address, process):
            out.print(f"Ringfence is at {address.url} (Ctrl-C ends it).")
            sender = sender_beside(database.absolute(), out)
        while (code := watch(process, address)) is None:
            out.print(f"The server gave no answer for {HUNG_SECONDS:.0f} s: it is started anew.")
            print_stacks(process)
            process = start()
            _answers(address, process)
    except KeyboardInterrupt:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        process.kill()  # does nothing to one that has ended
        out.print("Stopped.")
    finally:
        if sender:
            sender.end()
    return code or 0


def sender_beside(database: Path, out: Console) -> Sender | None:
    """Sends what is due to the platform, here and not in the server; None = there is no way."""
    from dashboard.casebook import open_casebook
    from dashboard.outbox.sending import Sender
    from dashboard.outbox.settings import from_environment, is_configured

    if not is_configured():
        return None
    book = open_casebook(casebook_url(database))
    sender = Sender(book, from_environment(), lambda text: out.print(text, markup=False))
    sender.start()
    return sender


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The server, in a session of its own, so that Ctrl-C reaches us alone and is said once."""
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)


def watch(
    process: subprocess.Popen[bytes], address: Address, patience: float = HUNG_SECONDS
) -> int | None:
    """The exit code of a server once it has ended; None when it gave no answer for so long."""
    answered = time.monotonic()
    while time.monotonic() - answered < patience:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=min(CHECK_SECONDS, patience))
        if is_well(address, timeout=patience):
            answered = time.monotonic()
    return None


def is_well(address: Address, timeout: float) -> bool:
    """Whether the server answers its health check within `timeout` seconds."""
    connection = HTTPConnection(address.host, address.port, timeout=timeout)
    with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
        connection.request("GET", HEALTH)
        return connection.getresponse().status == HTTPStatus.OK
    return False


def print_stacks(process: subprocess.Popen[bytes]) -> None:
    """End a server that hangs, after what each of its threads waits for went to its log."""
    process.send_signal(STACKS_SIGNAL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STACKS_SECONDS)
    process.kill()
    process.wait()


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
