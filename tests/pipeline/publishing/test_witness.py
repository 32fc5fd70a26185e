"""Who speaks for a killed build waits until the kernel has let go of its lock."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.publishing import witness
from pipeline.publishing.lock import lock_file
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_that_is_let_go_late_keeps_no_leftovers(tmp_path: Path) -> None:
    """The pipe of a killed process may close before its lock does: the witness waits for it."""
    work = tmp_path / "ringfence.duckdb.next"
    work.write_text("half a database")
    script = [sys.executable, "-I", "-S", witness.__file__]
    command = [*script, str(lock_file(tmp_path)), str(work), "2 GB"]
    pipe = subprocess.PIPE
    with (
        lock_file(tmp_path).open("w") as lock,
        subprocess.Popen(command, stdin=pipe, stderr=pipe, text=True) as child,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.close()
        assert "The build was killed" in child.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=1)
        fcntl.flock(lock, fcntl.LOCK_UN)
        child.wait(timeout=PATIENCE_SECONDS)
    assert not work.exists()
