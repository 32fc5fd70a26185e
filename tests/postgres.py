"""A PostgreSQL server of our own on loopback, from Debian's package, gone with the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 60.0
# What is lost with the machine's power is not what these tests are about.
_SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB"


def programs() -> Path | None:
    """Where the server's programs are; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server without a database's name: `postgresql://.../`."""
    place = programs()
    assert place is not None
    folder = Path(tempfile.mkdtemp(prefix="ringfence-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
    try:
        _run([str(place / "initdb"), "-D", str(data), "-U", "ringfence", "-A", "trust", "-N",
              "-E", "UTF8", "--locale", "C.UTF-8"])  # fmt: skip
        with _started(place, data, folder) as port:
            yield f"postgresql://ringfence@127.0.0.1:{port}/"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(place: Path, data: Path, folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-h 127.0.0.1 -p {port} -k {folder} {_SETTINGS}"
    control = [str(place / "pg_ctl"), "-D", str(data), "-w", "-t", str(int(_PATIENCE))]
    _run([*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield port
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _run(command: list[str]) -> None:
    as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    full = [*as_other, *command] if os.geteuid() == 0 else command
    began = time.monotonic()
    done = subprocess.run(
        full, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        cwd="/", timeout=_PATIENCE * 2,
    )  # fmt: skip
    assert done.returncode == 0, (
        f"{command[0]} after {time.monotonic() - began:.0f} s: {done.stderr}"
    )
