"""No thread of Polars' pool ever waits for Python in the web process.

A conversion to pandas holds the interpreter while it waits for the pool; a pool thread that
runs a Python callback waits for the interpreter. One of each at once, and the server hangs.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import tree

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "dashboard").rglob("*.py"))
CALLBACKS = {"map_elements", "map_batches", "map_groups", "map_rows", "map_columns", "pipe"}
CONVERSIONS = {"to_pandas", "to_init_repr", "to_jax", "to_torch"}
BOTH_AT_ONCE = """
import threading, time
import polars as pl
from dashboard.columns import mapped
from dashboard.components.look import arrow

rows = pl.DataFrame({"name": [str(n) for n in range(20_000)], "n": range(20_000)})
end = time.monotonic() + 3

def until_the_end(work):
    while time.monotonic() < end:
        work()

def written():
    rows.with_columns(mapped(rows, "name", str.title), pl.col("n") * 2)

jobs = (lambda: arrow(rows), written)
threads = [threading.Thread(target=until_the_end, args=(job,)) for job in jobs * 2]
for one in threads: one.start()
for one in threads: one.join()
print("alive")
"""


def attributes(path: Path) -> set[str]:
    """Every name after a dot in a module."""
    return {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def test_no_callback_and_no_conversion() -> None:
    """Neither half of the deadlock is written anywhere: `dashboard.columns.mapped` does it."""
    assert len(SOURCES) > 80
    named = {str(path.relative_to(ROOT)): attributes(path) for path in SOURCES}
    refused = CALLBACKS | CONVERSIONS
    assert {path: names & refused for path, names in named.items() if names & refused} == {}


def test_only_one_place_draws_tables() -> None:
    """Every table goes through `look.table`, which hands over Arrow."""
    drawn = {path.name for path in SOURCES if attributes(path) & {"dataframe", "data_editor"}}
    assert drawn == {"look.py"}


@pytest.mark.slow  # starts a process
def test_both_at_once_come_to_an_end() -> None:
    """Writing columns and handing them over, on four threads at once."""
    command = [sys.executable, "-c", BOTH_AT_ONCE]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True
    )
    assert done.stdout.split() == ["alive"]
