"""How a number came to be: the chain of queries from its table down to what was delivered.

Nobody keeps a drawing of it: a table's own text says what it reads. A column narrows the chain:
as long as one of the tables below declares a column of that name, the others are left out, for
the number passes through that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import queries
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

RAW = "raw"


@dataclass(frozen=True)
class Step:
    """One table of the chain; `depth` is how many steps it lies below the number."""

    table: str
    depth: int
    purpose: str
    reads: tuple[str, ...] = ()
    sql: str = ""
    """Empty where no SQL makes it: a raw table, or one that Python writes."""
    has_column: bool = False
    """Whether the number passes through it under its own name."""

    @property
    def is_raw(self) -> bool:
        """Whether it is as delivered."""
        return self.table.startswith(f"{RAW}.")


def chain(table: str, column: str = "") -> tuple[Step, ...]:
    """Every table that `table` rests on, each once, nearest first; `column` narrows it.

    A table that no query and no contract knows ends the chain.
    """
    steps: dict[str, Step] = {}
    level, depth = {table: column}, 0
    while level:
        for name, narrowed in level.items():
            steps[name] = _step(name, depth, narrowed)
        below = _below(level)
        level = {name: narrowed for name, narrowed in below.items() if name not in steps}
        depth += 1
    return tuple(steps.values())


def rows_behind(name: str) -> Step:
    """The query `evidence/...` that returns the raw rows behind a number, as a step beside it."""
    query = queries.get(name)
    return Step(name, 1, query.purpose, queries.reads(name), query.sql)


def _below(level: dict[str, str]) -> dict[str, str]:
    """What the tables of a level read, with the column that narrows each; none wins over some."""
    below: dict[str, str] = {}
    for table, column in level.items():
        reads = _reads(table)
        bearers = [one for one in reads if column and column in _columns(one)]
        for name in bearers or reads:
            narrowed = column if bearers else ""
            below[name] = narrowed if below.get(name, narrowed) == narrowed else ""
    return below


def _step(table: str, depth: int, column: str) -> Step:
    name = table.replace(".", "/")
    if name in _built():
        query = queries.get(name)
        has_column = bool(column) and column in _columns(table)
        return Step(table, depth, query.purpose, _reads(table), query.sql, has_column)
    raw = raw_tables().get(table.partition(".")[2]) if table.startswith(f"{RAW}.") else None
    return Step(table, depth, raw.purpose if raw else _PYTHON)


_PYTHON = "Written by Python, from the tables that docs/architecture.md names for its schema."


def _reads(table: str) -> tuple[str, ...]:
    name = table.replace(".", "/")
    return queries.reads(name) if name in _built() else ()


def _columns(table: str) -> frozenset[str]:
    name = table.replace(".", "/")
    returns = queries.get(name).returns if name in _built() else ()
    return frozenset(column.name for column in returns)


def built_tables() -> tuple[str, ...]:
    """Every table that a query builds, by schema and name."""
    return tuple(sorted(name.replace("/", ".") for name in _built()))


@cache
def _built() -> frozenset[str]:
    return frozenset(_in_schemas(queries.names()))


def _in_schemas(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.partition("/")[0] in queries.BUILT_SCHEMAS]
