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


def counted(folder: Path, kills: int) -> int | None:
    """What is read where the kernel counts so many."""
    counts = folder / "vmstat"
    counts.write_text(f"pgfault 12\noom_kill {kills}\noom_kill_other 99\n", encoding="ascii")
    return witness.out_of_memory_kills(counts)


def test_memory_is_blamed_only_where_the_kernel_counts_a_kill_for_it(tmp_path: Path) -> None:
    """A build that was sent SIGKILL with memory to spare is told of signals instead."""
    before, after = counted(tmp_path, 3), counted(tmp_path, 4)
    assert "memory ran out. It was to use 2 GB" in witness.sentence(before, after, "2 GB")
    sent = witness.sentence(before, before, "2 GB")
    assert "not for its memory" in sent
    assert "SIGKILL" in sent
    assert "--memory" not in sent


def test_without_the_kernels_count_both_causes_are_named(tmp_path: Path) -> None:
    """A machine without /proc says neither yes nor no."""
    assert witness.out_of_memory_kills(tmp_path / "vmstat") is None
    said = witness.sentence(None, None, "2 GB")
    assert "memory ran out, or it was sent a signal" in said
    assert "--memory 2GB" in said
    assert "What was served is served still" in said
