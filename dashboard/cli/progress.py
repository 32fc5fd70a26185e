"""What a command shows while it works and when it is done: bars, then a table of its stages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

import queries
from dashboard.cli.terminal import err, out
from dashboard.view_models.availability import off, shortened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.progress import TaskID

    from pipeline.build import Report


@dataclass
class _Bar:
    """One stage: its bar, and the rows of its tables so far."""

    task: TaskID
    rows: int = 0


def bars() -> Progress:
    """Bars on the error stream; each task has `rows` and `table`."""
    return Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rows]:>12,} rows"),
        TextColumn("{task.fields[table]}", markup=False),
        TimeElapsedColumn(),
        console=err,
    )


def stage_bars(progress: Progress) -> Callable[[str, str, int], None]:
    """Show a bar per stage that grows by table and sums the rows."""
    stages: dict[str, _Bar] = {}

    def show(stage: str, table: str, rows: int) -> None:
        for name, other in stages.items():
            if name != stage:
                progress.update(other.task, total=1, completed=1, table="")
        if stage not in stages:
            stages[stage] = _Bar(progress.add_task(stage, total=None, rows=0, table=""))
        bar = stages[stage]
        bar.rows += rows
        progress.update(bar.task, rows=bar.rows, table=table)

    return show


def order_bar(progress: Progress, orders: int) -> Callable[[str, int], None]:
    """A bar over the orders of a world; the other tables pass by beside it."""
    task = progress.add_task("generate", total=orders, rows=0, table="actors")

    def show(table: str, rows: int) -> None:
        if table == "orders":
            progress.update(task, completed=min(rows, orders), rows=rows)
        progress.update(task, table=table)

    return show


def print_report(report: Report) -> None:
    """Tables, rows and time of each stage, or that nothing had to be built."""
    if not report.is_fresh:
        said = f"{report.database} is up to date: what was known at {report.as_of}."
        out.print(said, markup=False, soft_wrap=True)
        _print_waiting(report)
        return
    table = Table("stage", box=None, pad_edge=False)
    for column in ("tables", "rows", "wall s", "CPU s"):
        table.add_column(column, justify="right")
    for stage in report.stages:
        table.add_row(
            stage.stage,
            f"{stage.tables}",
            f"{stage.rows:,}",
            f"{stage.wall_seconds:.1f}",
            f"{stage.cpu_seconds:.1f}",
        )
    out.print(table)
    size = report.database.stat().st_size / 1e6
    out.print(f"{report.database} is ready: {size:,.0f} MB, what was known at {report.as_of}.")
    for sentence in (report.set_aside, report.training, report.kept, report.note):
        if sentence:
            out.print(sentence, markup=False, soft_wrap=True)
    for sentence in _not_looked_at(report.database):
        out.print(sentence, markup=False, soft_wrap=True)
    _print_waiting(report)


def _print_waiting(report: Report) -> None:
    if report.waiting:
        out.print(report.waiting, markup=False, soft_wrap=True)


def _not_looked_at(database: Path) -> list[str]:
    """What is off for want of a fact, and which identifiers count as not known."""
    with queries.connect(database) as con:
        missing = off(queries.run(con, "pages/packs/unavailable", entity_type=""))
        hubs = queries.run(con, "pages/packs/hubs").rows()
    shared = (
        f"{relation.replace('_', ' ')} {value!r} counts as not known, {users:,} share it."
        for value, relation, users in hubs
    )
    return [*shortened(missing, MOST_SENTENCES), *islice(shared, MOST_SENTENCES)]


MOST_SENTENCES = 12
"""Lines of each kind after a build: the page Data has the rest."""
