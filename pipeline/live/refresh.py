"""Which tables an evaluation makes anew, and of which a part alone.

A batch of orders leaves parcels, comments and listings as they were. A table that is made anew
and comes out as it was changes nothing behind it, so what a batch does not reach costs nothing.
Of what it reaches, the tables in `parts` are made in part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import queries
from pipeline.live.parts import ORDER_FACTS, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import duckdb

    from pipeline.live.parts import Part
    from pipeline.orchestration.scheduler import Writer
    from queries import Query

    _Content = tuple[object, ...]

_DAY = "meta.delivery"
"""What the parameter `as_of` is read from."""


class Refresh:
    """What every table holds, and which hold something else than before this evaluation."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        con.execute("create schema if not exists parts")
        self._contents: dict[str, _Content | None] = {}
        self._changed: set[str] = set()
        self._in_part: set[str] = set()

    @property
    def is_begun(self) -> bool:
        """Whether an evaluation has made the tables."""
        return bool(self._contents)

    def begin(self, changed: Iterable[str], compared: Iterable[str]) -> None:
        """Start an evaluation: tables of which some rows `changed`, and some to be `compared`."""
        self._changed = set(changed)
        self._in_part = set(changed)
        for table in compared:
            self._compare(self._con, table)

    def forget(self) -> None:
        """Make every table anew the next time."""
        self._contents = {}

    def writers(
        self, writers: Mapping[str, Writer], more: Mapping[str, frozenset[str]]
    ) -> dict[str, Writer]:
        """The same, where something that a step reads has changed; some read `more` than SQL."""
        none = frozenset[str]()
        return {
            step: self._writer(step, write, more.get(step, none)) for step, write in writers.items()
        }

    def _writer(self, step: str, write: Writer, more: frozenset[str]) -> Writer:
        table, sources = step.replace("/", "."), _sources(step) | more

        def write_stale(
            con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]
        ) -> None:
            changed = sources & self._changed
            if table in self._contents and not changed:
                return
            if not self._wrote_part(con, step, changed):
                write(con, on_progress=on_progress)
                self._compare(con, table)

        return write_stale

    def _compare(self, con: duckdb.DuckDBPyConnection, table: str) -> None:
        content = _content(con, table)
        if self._contents.get(table) != content:
            self._contents[table] = content
            self._changed.add(table)

    def _wrote_part(
        self, con: duckdb.DuckDBPyConnection, step: str, changed: frozenset[str]
    ) -> bool:
        """Make the part of a table anew that `changed` reaches; False = it takes the whole one."""
        query = queries.get(step)
        part = PARTS.get(query.table)
        is_old = query.table in self._contents
        if part is None or not is_old or not changed <= part.covers & self._in_part:
            return False
        old, new = _read_part(con, query, part)
        if _content(con, new) == _content(con, old):
            return True
        if part.counts_all:
            return False
        con.execute(f"delete from {query.table} where {part.rows}")
        con.execute(f"insert into {query.table} by name from {new}")
        if query.table == ORDER_FACTS:
            con.execute(
                "create or replace table changed.order_facts as "
                f"(from {new} except from {old}) union all (from {old} except from {new})"
            )
        self._contents[query.table] = None
        self._changed.add(query.table)
        self._in_part.add(query.table)
        return True


def _read_part(con: duckdb.DuckDBPyConnection, query: Query, part: Part) -> tuple[str, str]:
    """Tables with the rows of a part as they were and as they are now."""
    queries.define_macros(con, query)
    for name, rows in part.before.items():
        con.execute(f"create or replace table parts.{name} as {rows}")
    sql, name = query.sql, f"parts.{query.name.replace('/', '_')}"
    for source, rows in part.sources.items():
        near = f"{name}_{source.partition('.')[2]}"
        con.execute(f"create or replace table {near} as from {source} where {rows}")
        sql = re.sub(rf"\b{re.escape(source)}\b", near, sql)
    old, new = f"{name}_old", f"{name}_new"
    con.execute(f"create or replace table {old} as from {query.table} where {part.rows}")
    con.execute(f"create or replace table {new} as from (\n{sql}\n) where {part.rows}")
    return old, new


def _content(con: duckdb.DuckDBPyConnection, table: str) -> _Content:
    """Two tables with the same rows have the same, in whatever order."""
    content: _Content = con.execute(f"select count(*), sum(hash(t)) from {table} as t").fetchall()[
        0
    ]
    return content


def _sources(step: str) -> frozenset[str]:
    """The tables that a step reads, the day of the evaluation among them."""
    asks_day = any(column.name == "as_of" for column in queries.get(step).params)
    return frozenset((*queries.reads(step), *((_DAY,) if asks_day else ())))
