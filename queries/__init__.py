"""The door to every SQL file: the path is the name, the header is a contract.

Analysts read and change the SQL in this folder without opening Python. What
keeps that safe is that nothing about a query is written down twice: its
parameters, columns and grain stand in its header and a test executes them.
Formulas that many files share stand once, in the files beside this one (`macros.sql` and
others named by their subject), and so do thresholds, in `thresholds.sql`.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from queries import header, sql_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries.header import Column

ROOT = Path(__file__).parent
BUILT_SCHEMAS = (
    *("staging", "graph", "facts", "days", "similarity", "population", "windows"),
    *("surroundings", "features", "metrics", "drift", "alerts", "rings", "cases", "kpis"),
    "content",
)
_SHARED = (
    *("thresholds.sql", "currencies.sql", "periods.sql", "macros.sql", "chance.sql"),
    *("identifiers.sql", "casework.sql", "waiting.sql", "slices.sql", "maturity.sql"),
    *("events.sql", "subjects.sql", "ledger.sql", "distributions.sql"),
)
_MACRO = re.compile(r"\bmacro (\w+)\(")
_BODY = re.compile(r"\)\s+as\s+(?P<is_table>table\s+)?")

# Binding a statement a second time, as `con.sql` does, costs more than the copy it spares.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
# What a reader of a built file may do: read that file and nothing else. The lock comes last.
_READER = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "2GB",
    "threads": "2",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_HARDENING = Lock()


class QueryError(Exception):
    """A query, catalogue or pack file is missing or breaks its own contract."""


@dataclass(frozen=True)
class Query:
    """One SQL file with the contract its header states."""

    name: str
    path: Path
    purpose: str
    grain: tuple[str, ...]
    params: tuple[Column, ...]
    returns: tuple[Column, ...]
    registered: Mapping[str, str]
    """What a metric of `kpis/` says besides: `queries.registry`."""
    sql: str

    @cached_property
    def macros(self) -> tuple[str, ...]:
        """The `create macro` statements that its SQL needs, each after those it calls."""
        called = _called_macros(self.sql)
        return tuple(statement for name, statement in macros().items() if name in called)

    @property
    def schema(self) -> str:
        """The first folder of the name: the schema a built table lands in."""
        return self.name.split("/")[0]

    @property
    def table(self) -> str:
        """`schema.table`, the relation this file builds."""
        return self.name.replace("/", ".")


def names(prefix: str = "") -> list[str]:
    """Every query name that starts with `prefix`, sorted."""
    return [name for name in _names_below(ROOT) if name.startswith(prefix)]


@cache
def _names_below(root: Path) -> tuple[str, ...]:
    paths = (path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*/*.sql"))
    return tuple(sorted(paths))


@cache
def get(name: str) -> Query:
    """The query called `name`, e.g. `features/merchant`.

    Raises QueryError when there is no such file or its header is malformed.
    """
    path = ROOT / f"{name}.sql"
    if not path.is_file():
        raise QueryError(
            f"No query {name!r}: {path} does not exist. Known names are the paths under {ROOT}."
        )
    return _parse(name, path, path.read_text(encoding="utf-8"))


def run(con: duckdb.DuckDBPyConnection, name: str, **params: Any) -> pl.DataFrame:
    """Rows of the query `name` as a Polars frame; values are only ever bound."""
    query = get(name)
    _check_params(query, params)
    define_macros(con, query)
    return pl.DataFrame(con.execute(query.sql, params or None).to_arrow_table())


def build(
    con: duckdb.DuckDBPyConnection,
    name: str,
    unknown: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    catalog: str = "",
    /,
    **params: Any,
) -> int:
    """Make the table `schema.table` that `name` stands for; its row count.

    The columns `unknown` are null in every row, of the type that the header says; `columns`
    are more of them, SQL over its finished rows by name. `catalog` is as for `make_table`.
    """
    query = get(name)
    _check_params(query, params)
    define_macros(con, query)
    make_table(con, query.table, rows_of(name, unknown, columns), catalog, params)
    return row_count(con, query.table)


def make_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    sql: str,
    catalog: str = "",
    params: Mapping[str, Any] | None = None,
) -> None:
    """Make `schema.table` of the rows of a select.

    Where a `catalog` is named, a database attached to this one holds the rows, and a view of
    that name stands in their place.
    """
    place = f"{catalog}.{table}" if catalog else table
    con.execute(f"create schema if not exists {place.rpartition('.')[0]}")
    con.execute(f"create or replace table {place} as\n{sql}", params or None)
    if catalog:
        con.execute(f"create schema if not exists {table.partition('.')[0]}")
        con.execute(f"create or replace view {table} as from {place}")


def rows_of(
    name: str, unknown: Sequence[str] = (), columns: Mapping[str, str] | None = None
) -> str:
    """The select that `build` makes a table of."""
    query = get(name)
    sql = _without(query, unknown) if unknown else query.sql
    if columns:
        more = "".join(f",\n    {text} as {column}" for column, text in columns.items())
        sql = f"select\n    *{more}\nfrom (\n{sql}\n)"
    return sql


def _without(query: Query, unknown: Sequence[str]) -> str:
    types = {column.name: column.type for column in query.returns}
    nulls = ", ".join(f'cast(null as {types[name]}) as "{name}"' for name in unknown)
    return f"select * replace ({nulls}) from (\n{query.sql}\n)"


def define_macros(con: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Make the macros that a query calls known to this one connection, for as long as it lives.

    They are temporary, so that a built file never answers with a formula of another release
    and a reader needs no right to write.
    """
    for statement in query.macros:
        con.execute(statement)


@cache
def macros() -> dict[str, str]:
    """Each shared threshold and formula by its name, in the order they build on each other."""
    script = "".join((ROOT / name).read_text(encoding="utf-8") for name in _SHARED)
    parsed = duckdb.extract_statements(script)
    statements = [statement.query.partition(";")[0] for statement in parsed]
    return {_MACRO.findall(statement)[0]: statement for statement in statements}


def row_count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows `schema.table` holds."""
    return int(scalar(con, f"select count(*) from {table}"))


def scalar(con: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any] | None = None) -> Any:
    """The first value of the first row, None when there is none; leaves no open result."""
    rows = con.execute(sql, params).fetchall()
    return rows[0][0] if rows else None


def connect(path: Path | str, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """Open a database file; readers cannot touch files, settings or the network."""
    con = duckdb.connect(str(path), read_only=read_only)
    return harden(con) if read_only else con


def harden(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """`con` with what it has open and nothing else: no other file, no setting, no network.

    Connections to one file share an instance, so one that is hardened already stays as it is,
    and of two that are opened at once the second waits until the first is done.
    """
    with _HARDENING:
        if not scalar(con, "select current_setting('lock_configuration')"):
            for name, value in _READER.items():
                con.execute(f"set {name} = '{value}'")
    return con


@cache
def reads(name: str) -> tuple[str, ...]:
    """The `schema.table` names that a query and its macros read, by DuckDB's own parser."""
    query = get(name)
    try:
        texts = (query.sql, *map(_body, query.macros))
        return tuple(sorted(set().union(*map(sql_tree.tables, texts))))
    except ValueError as error:
        message = f"{query.path} does not parse: {error}. Mend the SQL below its header."
        raise QueryError(message) from error


@cache
def build_order(schema: str) -> tuple[str, ...]:
    """Names of one schema's queries, each after those whose tables it reads."""
    members = {get(name).table: name for name in names(f"{schema}/")}
    graph = {
        table: [read for read in reads(name) if read in members and read != table]
        for table, name in members.items()
    }
    return tuple(members[table] for table in TopologicalSorter(graph).static_order())


def _body(macro: str) -> str:
    """What a macro answers, as a statement: of a table macro its query, else its expression."""
    _, is_table, body = _BODY.split(macro, 1)
    return body if is_table else f"select {body}"


def _called_macros(sql: str) -> set[str]:
    """Names of the macros that a text calls, and of those that these call."""
    called = {name for name in re.findall(r"\b(\w+)\(", sql) if name in macros()}
    bodies = (macros()[name].partition(")")[2] for name in called)
    return called.union(*map(_called_macros, bodies))


def _parse(name: str, path: Path, text: str) -> Query:
    try:
        stated = header.parse(text)
    except ValueError as error:
        raise QueryError(f"{path}: {error}") from error
    return Query(name=name, path=path, **vars(stated))


def _check_params(query: Query, params: dict[str, Any]) -> None:
    declared = {column.name for column in query.params}
    if declared != params.keys():
        raise QueryError(
            f"{query.name} takes {sorted(declared) or 'no parameters'}, got {sorted(params)}. "
            f"The header of {query.path} is the contract."
        )
