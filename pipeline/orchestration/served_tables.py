"""Which tables a finished file holds: those that something reads once it is built.

Nobody keeps a list of them. A query that builds no table says what it reads in its own text, and
so does a program that opens a finished file; what only other tables are made of stays out of it:
docs/decisions/0162-what-the-served-file-holds.md.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pipeline
import queries
from pipeline.orchestration.stages import step_reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BY_NAME = ("staging", "features", "kpis")
"""Schemas whose tables are also read by a name that only the running program has."""
READERS = (
    *("dashboard", "pipeline/publishing", "pipeline/content/matched_texts.py"),
    *("pipeline/drift/day_stage.py", "pipeline/inputs/availability.py"),
)
"""Programs that read a finished file, the next build among them."""
LIVE_LANE = "pipeline/live"
"""Has tables of the same names beside it, and calls those of the file `served.<schema>.<table>`."""
_ROOT = Path(str(pipeline.__file__)).parents[1]


@cache
def sql_steps() -> tuple[str, ...]:
    """Every query that builds a table."""
    own = [step for step in step_reads() if step in queries.names()]
    return (*queries.build_order("staging"), *own)


@cache
def served_steps() -> frozenset[str]:
    """The SQL steps of whose tables something reads a finished file."""
    steps = {name.replace("/", "."): name for name in sql_steps()}
    readers = [name for name in queries.names() if name not in sql_steps()]
    read = {table for name in readers for table in queries.reads(name)}
    read |= tables_named_in(READERS) | tables_named_in((LIVE_LANE,), "served.")
    read |= {table for table in steps if table.partition(".")[0] in BY_NAME}
    return frozenset(steps[table] for table in read & steps.keys())


def tables_named_in(places: Iterable[str], catalog: str = "") -> set[str]:
    """Every `schema.table`, behind a `catalog`, in the texts of programs in files and folders."""
    schemas = "|".join(queries.BUILT_SCHEMAS)
    pattern = re.compile(rf"\b{re.escape(catalog)}((?:{schemas})\.[a-z_]+)\b")
    paths = [path for place in places for path in _programs(_ROOT / place)]
    return {name for path in paths for text in _texts(path) for name in pattern.findall(text)}


def _programs(place: Path) -> Iterable[Path]:
    return place.rglob("*.py") if place.is_dir() else (place,)


def _texts(path: Path) -> Iterator[str]:
    """The texts of a program, without those that only say what it is for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
