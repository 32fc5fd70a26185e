"""A server that hangs is noticed and ended; one that ends by itself says how."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing

import pytest

from dashboard.web.process import Address, is_well, print_stacks, watch

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
