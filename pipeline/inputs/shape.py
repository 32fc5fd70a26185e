"""The tables of a source as they are looked at before anybody said what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.clocks import ZONE
from pipeline.inputs.likeness import bare_tables
from pipeline.inputs.mapping import SCHEMA

if TYPE_CHECKING:
    import duckdb

_MOSTLY = 0.9
"""Share of values that have to be of a type for a column to be taken for it."""
_LOOKS = {
    "replace({}, ',', '.')": r"^-?\d+(,\d{1,2})?$",
    "replace({}, ',', '')": r"^-?\d{1,3}(,\d{3})*(\.\d+)?$",
    "replace(replace({}, '.', ''), ',', '.')": r"^-?\d{1,3}(\.?\d{3})*(,\d+)?$",
}
"""Numbers as others write them, and what they look like: 8,27 and 1,234.50 and 1.234,50."""
_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d")
_MOMENTS = tuple(f"{day}{time}" for day in _DAYS for time in ("", " %H:%M:%S", " %H:%M"))
_READINGS = {
    "double": tuple(_LOOKS),
    "bigint": tuple(_LOOKS),
    "timestamp": tuple(f"strptime({{}}, '{moment}')" for moment in _MOMENTS),
    "date": tuple(f"strptime({{}}, '{day}')" for day in _DAYS),
}
"""How a text is read that is no number or time as it stands, likeliest first."""
_PLAIN = re.compile(r"^[a-z_][a-z0-9_]*$")


@dataclass(frozen=True)
class Shape:
    """The tables of a source as views in the schema `source`, and their columns' types."""

    con: duckdb.DuckDBPyConnection
    tables: dict[str, dict[str, str]]
    bare: dict[str, str]
    """Each table's name without what decorates it."""
    _readings: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """What was found of a table, column and type: one proposal asks it many times."""

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

    def reading(self, table: str, column: str, kind: str) -> str:
        """How nearly every value of a column is read as a type: SQL with {} for the column.

        Empty where it cannot be. A day is read before a month only where no other order fits.
        """
        key = table, column, kind
        if key not in self._readings:
            self._readings[key] = self._reading(*key)
        return self._readings[key]

    def _reading(self, table: str, column: str, kind: str) -> str:
        there = self.tables[table][column]
        if kind == "varchar":
            return "{}"
        if kind == "timestamp" and there in ("bigint", "integer", "double"):
            return ""
        ways = ["{}", *(_READINGS.get(kind, ()) if there == "varchar" else ())]
        fits = (way for way in ways if self._share(table, column, kind, way) >= _MOSTLY)
        return next(fits, "")

    def _share(self, table: str, column: str, kind: str, way: str) -> float:
        """Share of values that a reading makes a value of the type."""
        sql = way.replace("strptime", "try_strptime").format(f'"{column}"')
        rule = f"regexp_matches(trim(\"{column}\"), '{_LOOKS[way]}') and " if way in _LOOKS else ""
        sql = (
            f"select coalesce(avg(case when {rule}try_cast({sql} as {kind}) is not null then 1 "
            f'else 0 end), 0) from (select "{column}" from {SCHEMA}."{table}" '
            f'where "{column}" is not null limit 1000)'
        )
        return float(queries.scalar(self.con, sql))

    def zoned(self, table: str, column: str) -> float:
        """Share of times that say their zone or offset themselves."""
        sql = (
            f'select coalesce(avg(case when regexp_matches(trim(cast("{column}" as varchar)), '
            f"'{ZONE}') then 1 else 0 end), 0) from {SCHEMA}.\"{table}\" "
            f'where "{column}" is not null'
        )
        return float(queries.scalar(self.con, sql))

    def spelt(self, name: str) -> str:
        """A name as SQL writes it, in quotes only where it needs them."""
        sql = "select count(*) from duckdb_keywords() where keyword_name = $name"
        is_plain = _PLAIN.match(name) and not queries.scalar(self.con, sql, {"name": name})
        return name if is_plain else '"' + name.replace('"', '""') + '"'
