"""What the queue costs as the casebook grows: CPU of a rerun, and of the first one after a write.

The cases are put in beside the trail, for no figure here reads it; half of those who have an
alert are among them, so that lists of answered subjects are as long as in use.
"""

from __future__ import annotations

import statistics
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert

import queries
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.pages import serving, session
from benchmarks.sample import built
from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.engine import open_engine, writing
from dashboard.casebook.schema import cases
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import CaseState, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    import psutil  # type: ignore[import-untyped]

SIZES = (0, 20_000, 100_000)
"""Cases ever opened: none, a team's year, and five of them."""
RUNS = 9
_LONG_AGO = datetime(2025, 1, 1)  # noqa: DTZ001 - UTC without a zone, as the casebook keeps it
_ALERTED = "select distinct entity_type, entity_id from alerts.alerts order by all"


def run(folder: Path) -> None:
    """Measure the queue beside casebooks of growing size; prints the table."""
    measure(folder, built(folder, SAMPLE_ORDERS).database)


def measure(folder: Path, database: Path) -> None:
    """The same on a database that is there already."""
    rows = []
    for size in SIZES:
        own = folder / f"casebook-{size}"
        own.mkdir()
        url = fill(own / "casebook.sqlite", database, size)
        with serving(own, database) as (server, address):
            rows.append((size, *_costs(server, address, url)))
    ratio = rows[-1][1] / max(rows[0][1], 0.1)
    note = f"Medians of {RUNS}. {SIZES[-1]:,} cases cost {ratio:.2f} times what none do."
    show("Server CPU of the queue", ("cases", "rerun CPU ms", "after a write CPU ms"), rows, note)


def fill(path: Path, database: Path, size: int) -> str:
    """A casebook with `size` closed cases, half of the alerted subjects among them; its URL."""
    url = f"sqlite:///{path.absolute()}"
    engine = open_engine(url)
    if size:
        with queries.connect(database) as con:
            alerted = con.execute(_ALERTED).fetchall()[::2]
        others = [("buyer", f"gone_{number}") for number in range(size - len(alerted))]
        with writing(engine) as con:
            con.execute(insert(cases), [_closed(*who) for who in (*alerted, *others)])
    engine.dispose()
    return url


def _closed(entity_type: str, entity_id: str) -> dict[str, object]:
    who = {"entity_type": entity_type, "entity_id": entity_id, "assignee": "ann", "version": 3}
    when = {"opened_at": _LONG_AGO, "changed_at": _LONG_AGO, "changed_by": "ann"}
    state = {"case_id": f"{entity_type}-{entity_id}", "state": CaseState.CLOSED_NO_ACTION.value}
    return {**who, **when, **state, "data_day": _LONG_AGO.date()}


def _costs(server: psutil.Process, address: str, url: str) -> tuple[float, float]:
    """Median CPU ms of a rerun of the queue, and of one after a decision was saved."""
    with session(server, address) as tab:
        tab.run("queue", "")
        reruns = [tab.run("queue", "").cpu_ms for _ in range(RUNS)]
        after = []
        for number in range(RUNS):
            _decide(url, number)
            after.append(tab.run("queue", "").cpu_ms)
    return statistics.median(reruns), statistics.median(after)


def _decide(url: str, number: int) -> None:
    draft = DecisionDraft("buyer", f"new_{number}", Verdict.FALSE_POSITIVE, f"key-{number}")
    open_casebook(url).decide(draft, viewer=Viewer("ann"))
