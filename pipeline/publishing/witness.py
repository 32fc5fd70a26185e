"""Sees a build to its end, and speaks for one that was killed.

A killed process has no time to say so or to clean up. This file, run by itself, waits in a
process of its own until the build says that it ended or is gone; then it asks the kernel's
count whether memory ran out meanwhile.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

ENDED = b"ended"
END_SECONDS = 10
KERNEL_COUNTS = Path("/proc/vmstat")


@contextmanager
def witnessed(lock: Path, work: Path, memory: str) -> Iterator[None]:
    """While the block runs, a child watches: killed, its leftovers go and a sentence is said.

    `lock` is the file that the build holds locked, `work` the database it writes, `memory` how
    much it may use, in words.
    """
    command = [sys.executable, "-I", "-S", __file__, str(lock), str(work), memory]
    # A session of its own, so that Ctrl-C does not reach it.
    child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        with suppress(OSError, subprocess.TimeoutExpired):
            child.communicate(ENDED, timeout=END_SECONDS)


def leftovers(work: Path) -> list[Path]:
    """What a build may leave: its database, logs of it, and a folder of rows put on disk."""
    return sorted(work.parent.glob(f"{work.name}*"))


def remove_leftovers(work: Path) -> None:
    """Remove them; raises OSError for one that cannot be removed."""
    for path in leftovers(work):
        if path.is_dir() and not path.is_symlink():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)


def out_of_memory_kills(counts: Path = KERNEL_COUNTS) -> int | None:
    """Processes that the kernel has ended for want of memory; None where it does not count."""
    with suppress(OSError, ValueError):
        for line in counts.read_text(encoding="ascii").splitlines():
            name, _, number = line.partition(" ")
            if name == "oom_kill":
                return int(number)
    return None


def sentence(kills_before: int | None, kills_after: int | None, memory: str) -> str:
    """What is said of a build that is gone without a word, and what to do."""
    kept = f"It was to use {memory} at most. What was served is served still."
    more = (
        "Give the machine or container more memory, end what else runs there, or say how much "
        "the build may use: --memory 2GB"
    )
    sent = "a container or service that was stopped, a time limit, kill -9"
    if kills_before is None or kills_after is None:
        return (
            f"The build was killed before it could end: memory ran out, or it was sent a signal "
            f"({sent}). {kept} Look which in the log of the machine. For memory: {more}"
        )
    if kills_after > kills_before:
        return f"The build was killed before it could end: memory ran out. {kept} {more}"
    return (
        f"The build was killed before it could end, and not for its memory: the kernel ended "
        f"nothing for that meanwhile. Either it was sent SIGKILL ({sent}), or a library crashed. "
        f"{kept} Run the same build again."
    )


def _speak(lock: Path, work: Path, said: str) -> None:
    sys.stderr.write(f"{said}\n")
    with suppress(OSError), lock.open("w") as file:
        _hold(file)
        remove_leftovers(work)


def _hold(lock: TextIO) -> None:
    """Lock the file; raises BlockingIOError where another build is at work already.

    The kernel closes the files of a process that it ends one after the other: the pipe may be
    closed, which wakes the witness, before the lock is let go.
    """
    last = monotonic() + END_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > last:
                raise
            sleep(0.05)


if __name__ == "__main__":
    at_start = out_of_memory_kills()
    if sys.stdin.buffer.read() != ENDED:
        said_of_it = sentence(at_start, out_of_memory_kills(), sys.argv[3])
        _speak(Path(sys.argv[1]), Path(sys.argv[2]), said_of_it)
