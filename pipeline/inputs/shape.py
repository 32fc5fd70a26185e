"""The tables of a source as they are looked at before anybody said what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.likeness import bare_tables
from pipeline.inputs.mapping import SCHEMA

if TYPE_CHECKING:
    import duckdb

_MOSTLY = 0.9
"""Share of values that have to be of a type for a column to be taken for it."""
_PLAIN = re.compile(r"^[a-z_][a-z0-9_]*$")


@dataclass(frozen=True)
class Shape:
    """The tables of a source as views in the schema `source`, and their columns' types."""

    con: duckdb.DuckDBPyConnection
    tables: dict[str, dict[str, str]]
    bare: dict[str, str]
    """Each table's name without what decorates it."""

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> Shape:
        """What was made visible of a source."""
        rows = con.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            f"where schema_name = '{SCHEMA}' order by table_name, column_index"
        ).fetchall()
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            tables.setdefault(table, {})[column] = kind.lower()
        return cls(con, tables, bare_tables(tables))

    def is_unique(self, table: str, *columns: str) -> bool:
        """Whether no two rows of a table are alike in some columns, and none is unknown."""
        key = ", ".join(f'"{column}"' for column in columns)
        sql = (
            f"select count(*) = count(distinct ({key})) and count({key.partition(',')[0]}) "
            f'= count(*) from {SCHEMA}."{table}"'
        )
        return bool(queries.scalar(self.con, sql))

    def is_typed(self, table: str, column: str, kind: str) -> bool:
        """Whether nearly every value of a column can be what the contract asks for."""
        there = self.tables[table][column]
        if kind == "timestamp" and there in ("bigint", "integer", "double"):
            return False
        sql = (
            f'select coalesce(avg(case when try_cast("{column}" as {kind}) is null then 0 else 1 '
            f'end), 0) from (select "{column}" from {SCHEMA}."{table}" '
            f'where "{column}" is not null limit 1000)'
        )
        return kind == "varchar" or float(queries.scalar(self.con, sql)) >= _MOSTLY

    def spelt(self, name: str) -> str:
        """A name as SQL writes it, in quotes only where it needs them."""
        sql = "select count(*) from duckdb_keywords() where keyword_name = $name"
        is_plain = _PLAIN.match(name) and not queries.scalar(self.con, sql, {"name": name})
        return name if is_plain else '"' + name.replace('"', '""') + '"'
