"""What survives when writers are killed: 1,000 decisions from three processes, on both databases.

And what a trail of 10,000 entries costs to check, to back up and to restore.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.crashing import crash
from benchmarks.measuring import show
from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITES = 1_000
CASES = 2_500
"""Of four entries each: a trail of 10,000."""
_NOTE = "Beyond: committed by a writer that was killed before it could say so."
_COST = "Wall seconds, the file on the disk; the backup is packed with gzip."
_ADA = Viewer("ada", "admin")


def run(folder: Path) -> None:
    """Print the counts of the crashes, then the costs of a trail."""
    with postgres.server() as address:
        places = {"SQLite": f"sqlite:///{folder / 'crash.sqlite'}",
                  "PostgreSQL": f"{address}postgres"}  # fmt: skip
        rows = []
        for name, url in places.items():
            made = crash(url, writes=WRITES)
            counts = (made.acknowledged, made.lost, made.unacknowledged, made.killed, made.refused)
            rows.append((name, *counts, made.problem or "holds"))
    columns = ("database", "acknowledged", "lost", "beyond", "killed", "refused", "trail")
    show(f"Kill -9 during {WRITES:,} writes of three processes", columns, rows, _NOTE)
    show("A trail of 10,000 entries", ("what", "seconds", "MB"), _costs(folder), _COST)


def _costs(folder: Path) -> list[tuple[object, ...]]:
    engine = open_engine(f"sqlite:///{folder / 'trail.sqlite'}")
    book = Casebook(engine)
    note = "Forty buyers on two devices."
    one = DecisionDraft("merchant", "", Verdict.INCONCLUSIVE, "", note=note)
    drafts = [
        replace(one, entity_id=f"m{n}", idempotency_key=f"k{n}", snapshot={"number": n})
        for n in range(CASES)
    ]
    for first in range(0, CASES, 500):
        book.decide_all(drafts[first : first + 500], viewer=Viewer("ann"))
    target = folder / "trail.jsonl.gz"
    rows: list[tuple[object, ...]] = []

    def timed(what: str, act: Callable[[], object], path: Path | None = None) -> None:
        began = time.perf_counter()
        act()
        size = round(path.stat().st_size / 1e6, 1) if path else ""
        rows.append((what, round(time.perf_counter() - began, 2), size))

    timed("verify", book.verify, folder / "trail.sqlite")
    timed("backup", lambda: book.backup(target, viewer=_ADA), target)
    timed("restore", lambda: book.restore(target, viewer=_ADA, is_forced=True))
    engine.dispose()
    return rows
