"""Tables of a PostgreSQL server, copied in columns through its Arrow driver (ADBC).

DuckDB's own extension reads a server in place, and belongs to one release of DuckDB that has to
be fetched. This driver comes from the package index (`pip install 'ringfence[postgres]'`), keeps
types, and hands over columns, not rows. Whatever Arrow has no plain type for comes as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from pipeline.inputs.sources import COPIED

if TYPE_CHECKING:
    import duckdb

_PLAIN = (
    *("smallint", "integer", "bigint", "real", "double precision", "boolean"),
    *("text", "character varying", "date", "timestamp without time zone"),
    "timestamp with time zone",
)
"""Types that Arrow has; the server writes the others as text."""
_COLUMNS = (
    "select table_schema, table_name, column_name, data_type from information_schema.columns "
    "where table_schema not in ('pg_catalog', 'information_schema') "
    "order by table_schema, table_name, ordinal_position"
)


@dataclass(frozen=True)
class ServerTable:
    """A table or view as the server names it."""

    sql: str
    columns: tuple[tuple[str, str], ...]
    """Name and type of each column."""


def can_read() -> bool:
    """Whether the driver is installed."""
    return find_spec("adbc_driver_postgresql") is not None


class Server:
    """One open connection that reads and never writes.

    Raises adbc_driver_manager's errors, whose base class is `failure()`.
    """

    def __init__(self, address: str) -> None:
        from adbc_driver_postgresql import dbapi

        self._con = dbapi.connect(address)
        with self._con.cursor() as cursor:
            cursor.execute("set transaction read only")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def tables(self) -> dict[tuple[str, str], ServerTable]:
        """Every table and view that may be seen, by schema and name."""
        columns: dict[tuple[str, str], list[tuple[str, str]]] = {}
        with self._con.cursor() as cursor:
            cursor.execute(_COLUMNS)
            for schema, table, column, kind in cursor.fetchall():
                columns.setdefault((schema, table), []).append((column, kind))
        return {
            (schema, table): ServerTable(f"{_quoted(schema)}.{_quoted(table)}", tuple(own))
            for (schema, table), own in columns.items()
        }

    def copy(self, con: duckdb.DuckDBPyConnection, name: str, table: ServerTable) -> str:
        """Copy a table into the schema `copied`, a batch at a time; what it is called there."""
        relation = f"{COPIED}.{_quoted(name)}"
        selected = ", ".join(_read(column, kind) for column, kind in table.columns)
        with self._con.cursor() as cursor:
            cursor.execute(f"select {selected} from {table.sql}")
            con.register("_server", cursor.fetch_record_batch())
            con.execute(f"create or replace table {relation} as from _server")
            con.unregister("_server")
        return relation


def failure() -> Any:
    """What the driver raises."""
    from adbc_driver_manager import Error

    return Error


def _read(name: str, kind: str) -> str:
    return _quoted(name) if kind in _PLAIN else f"cast({_quoted(name)} as text) as {_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
