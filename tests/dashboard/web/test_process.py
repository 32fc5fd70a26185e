"""A server that hangs is noticed and ended; one that ends by itself says how."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from dashboard.errors import AddressTaken, SignInRefused
from dashboard.web.process import Address, is_well, print_stacks, refuse_taken, serve, watch

if TYPE_CHECKING:
    from pathlib import Path

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- nothing is bound
HANGS = """
import faulthandler, signal, socket, sys, time
faulthandler.register(signal.SIGUSR1, all_threads=True)
door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("open", flush=True)
time.sleep(600)
"""
ANSWERS = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Well(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Well)
print("open", flush=True)
server.handle_request()
sys.exit(7)
"""
IMPORTS = """
import sys
import dashboard.web.asgi
from streamlit.testing.v1 import AppTest
made = set(sys.modules)
AppTest.from_file("dashboard/app.py", default_timeout=120).run()
late = {name for name in set(sys.modules) - made if name.split(".")[0] in
        ("pandas", "plotly", "dashboard", "queries", "polars", "duckdb", "pyvis")}
print(sorted(late))
"""


@pytest.fixture
def address() -> Address:
    """A port that nobody uses."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return Address("127.0.0.1", free.getsockname()[1])


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (("127.0.0.1", 8501, "/", []), "http://127.0.0.1:8501"),
        ((EVERYWHERE, 8501, "risk", []), "http://127.0.0.1:8501/risk"),
        (("::1", 8501, "/risk/", []), "http://[::1]:8501/risk"),
        (("10.0.0.7", 80, "", ["https://Risk.example.com/"]), "https://risk.example.com"),
        ((EVERYWHERE, 80, "/a/b", ["https://x.example", "http://y"]), "https://x.example/a/b"),
    ],
)
def test_the_address_said_is_one_to_be_opened(
    address: tuple[str, int, str, list[str]], url: str
) -> None:
    """Behind a proxy that is the proxy's; of all of a machine's addresses, one of its own."""
    assert Address.of(*address).url == url


def test_a_port_of_another_family_is_asked_too() -> None:
    """A server may listen on an address of the sixth version of the protocol."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTaken, match="Cannot listen"):
            refuse_taken(Address("127.0.0.1", port))
    with pytest.raises(AddressTaken, match="Cannot listen"):
        refuse_taken(Address("no such host", port))


def started(script: str, address: Address) -> subprocess.Popen[bytes]:
    """A process that runs the script and has opened its port."""
    command = [sys.executable, "-c", script, str(address.port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    return process


@pytest.mark.slow  # starts a process
def test_one_that_hangs_is_ended_and_its_stacks_are_written(address: Address) -> None:
    """It takes the connection and never answers, as a server without its interpreter does."""
    with started(HANGS, address) as process:
        assert watch(process, address, patience=0.5) is None
        print_stacks(process)
        assert process.stderr is not None
        assert b"most recent call first" in process.stderr.read()
    assert not is_well(address, timeout=1.0)


@pytest.mark.slow  # starts a process
def test_one_that_answers_is_left_alone_until_it_ends(address: Address) -> None:
    """Its exit code is told."""
    with started(ANSWERS, address) as process:
        assert is_well(address, timeout=60.0)
        assert watch(process, address, patience=60.0) == 7


@pytest.mark.slow  # starts a process
def test_nothing_is_imported_by_the_first_visitor() -> None:
    """Two who import pandas at once find it half made."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "address", [Address(EVERYWHERE, 1), Address("127.0.0.1", 1, "", ("https://risk.example.com",))]
)
def test_nothing_is_served_to_others_without_a_sign_in(
    address: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before the port is asked for: a sentence, and what to do."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("RINGFENCE_PEOPLE", raising=False)
    with pytest.raises(SignInRefused, match="whoever they choose"):
        serve(tmp_path / "none.duckdb", address, browser=False, out=Console(file=StringIO()))
