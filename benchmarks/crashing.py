"""Writers of one casebook, killed in the middle of writing, and what became of their work."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine

_REFUSED = "refused"
ROOT = Path(__file__).parents[1]
_WRITER = """
import sys
from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.errors import CasebookUnavailable
REFUSED = "refused"
def done(act):
    while True:
        try:
            return act()
        except CasebookUnavailable:  # others held the lock too long, and nothing was written
            print(REFUSED, flush=True)
book, name = Casebook(done(lambda: open_engine(sys.argv[1]))), sys.argv[2]
for number in range(100_000):
    key = f"{name}-{number}"
    seen = {"entity_key": key, "score": 0.5}
    draft = DecisionDraft("merchant", key, Verdict.INCONCLUSIVE, key, note="Seen.", snapshot=seen)
    done(lambda: book.decide(draft, viewer=Viewer("ann")))
    print(key, flush=True)
"""


@dataclass(frozen=True)
class Crash:
    """Counts of one run: what was acknowledged, what of it is there, what else is."""

    acknowledged: int
    lost: int
    unacknowledged: int
    """Committed by a writer that was killed before it could say so."""
    killed: int
    refused: int
    """Told that the casebook is busy, and tried again."""
    problem: str
    """Where the trail does not hold; empty = it does."""


def crash(url: str, *, writes: int, writers: int = 3, kills: int = 9) -> Crash:
    """Let `writers` processes write to the casebook at `url`, and kill one `kills` times.

    Each is killed with SIGKILL as it writes, and another takes its place, until `writes` are
    acknowledged; then all are killed.
    """
    acknowledged: list[str] = []
    started = 0
    with ExitStack() as stack, selectors.DefaultSelector() as ready:

        def said_by(process: subprocess.Popen[str]) -> IO[str]:
            return cast("IO[str]", process.stdout)

        def start() -> None:
            nonlocal started
            command = [sys.executable, "-c", _WRITER, url, f"w{started}"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
            ready.register(said_by(stack.enter_context(process)), selectors.EVENT_READ, process)
            started += 1

        def kill(process: subprocess.Popen[str]) -> None:
            ready.unregister(said_by(process))
            os.kill(process.pid, signal.SIGKILL)
            acknowledged.extend(said_by(process).read().split())

        for _ in range(writers):
            start()
        due = [writes * (one + 1) // (kills + 1) for one in range(kills)]
        while len(acknowledged) - acknowledged.count(_REFUSED) < writes:
            for chosen, _ in ready.select():
                line = said_by(chosen.data).readline().strip()
                if not line:
                    raise RuntimeError("A writer ended by itself; its error stands above.")
                acknowledged.append(line)
                if due and len(acknowledged) - acknowledged.count(_REFUSED) >= due[0]:
                    due.pop(0)
                    kill(chosen.data)
                    start()
        for each in [*ready.get_map().values()]:
            kill(each.data)
    return _counted(url, acknowledged, started)


def _counted(url: str, said: list[str], killed: int) -> Crash:
    refused = said.count(_REFUSED)
    acknowledged = set(said) - {_REFUSED}
    engine = open_engine(url)
    try:
        book = Casebook(engine)
        stored = {one.entity_id for one in book.cases().values()}
        broken = book.verify()
    finally:
        engine.dispose()
    problem = f"entry {broken.seq}: {broken.problem}" if broken else ""
    lost, beyond = len(acknowledged - stored), len(stored - acknowledged)
    return Crash(len(acknowledged), lost, beyond, killed, refused, problem)
