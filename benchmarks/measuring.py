"""What every benchmark needs: a cost, a child process that reports its own, a table.

A child process per measurement, because peak memory never goes down again and
the second run of anything finds warm caches.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SAMPLE_ORDERS = 300_000
"""Orders of the marketplace that `make demo` makes."""
_TO_MB = 1e6
_RSS_UNIT = 1024 if sys.platform.startswith("linux") else 1
_OUT = Console(highlight=False, width=170)


@dataclass
class Cost:
    """What something took; filled in when its `measured` block ends."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    """User and system time of this process, all threads."""
    peak_mb: float = 0.0
    """Highest resident memory of this process so far."""


@contextmanager
def measured() -> Iterator[Cost]:
    """The cost of the block."""
    cost, wall, cpu = Cost(), time.perf_counter(), time.process_time()
    yield cost
    cost.wall_seconds = time.perf_counter() - wall
    cost.cpu_seconds = time.process_time() - cpu
    cost.peak_mb = peak_mb()


def peak_mb() -> float:
    """Highest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / _TO_MB


def in_child(module: str, *arguments: object) -> dict[str, Any]:
    """What `python -m module arguments` reports about itself with `report`."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def report(cost: Cost, **more: object) -> None:
    """Tell the parent process what was measured."""
    print(json.dumps({**asdict(cost), **more}))


def size_mb(path: Path) -> float:
    """Megabytes of a file, or of every file below a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files) / _TO_MB


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], note: str) -> None:
    """Print a table and, below it, the ratio that does not depend on the machine."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    _OUT.print(table)
    _OUT.print(note, soft_wrap=True)
    _OUT.print()


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 1.0 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
