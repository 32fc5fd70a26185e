"""What an expression of a mapping file may do, and which columns of the source it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb

from queries import sql_tree

if TYPE_CHECKING:
    from pipeline.inputs.sources import Source

ROW_FUNCTIONS = ("unnest", "range", "generate_series")
"""Table functions that read nothing."""


CLOCKS = ("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp")
"""What stands for the clock without being called."""


@dataclass(frozen=True)
class Scope:
    """The tables that expressions may read: where each lies, and its columns."""

    places: dict[str, str]
    columns: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection, schemas: tuple[str, ...], source: Source) -> Scope:
        """The tables of a source, as far as they are made; of two schemas the first counts."""
        rows = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where list_contains($schemas, schema_name) order by table_name, column_index",
            {"schemas": list(schemas)},
        ).fetchall()
        columns: dict[str, tuple[str, ...]] = {}
        for one in reversed(schemas):
            own: dict[str, tuple[str, ...]] = {}
            for schema, table, column in rows:
                if schema == one:
                    own[table] = (*own.get(table, ()), column)
            columns |= own
        places = {name: table.place for name, table in source.tables.items()}
        return cls(places, columns)


def refusal(scope: Scope, sql: str) -> str:
    """Why a statement may not run; empty where it may.

    It reads tables of the source only, and says the same of the same source every time.
    """
    try:
        nodes = sql_tree.nodes(sql)
    except ValueError as error:
        return f"it does not parse ({error})"
    names = {name.lower() for name in _named(sql)}
    for node in nodes:
        kind = node.get("type")
        if kind == "BASE_TABLE":
            table = str(node["table_name"]).lower()
            if node.get("schema_name") or (table not in scope.places and table not in names):
                return f"there is no table {table} in the source; it has {_list(scope.places)}"
        if kind == "TABLE_FUNCTION":
            function = node["function"]["function_name"]
            if function not in ROW_FUNCTIONS:
                return f"{function} reads something else than the source"
        called = str(node.get("function_name") or "").lower()
        if kind == "COLUMN_REF" and len(node["column_names"]) == 1:
            called = f"{node['column_names'][0]}".lower()  # the clock may be asked without brackets
            called = called if called in CLOCKS and not _is_column(scope, called) else ""
        if called in CLOCKS or called in _moody():
            return f"{called} does not answer the same every time"
    return ""


_REMEDIES = (
    (r"convert string .-?[\d.]*\d,\d", "a comma in a number: replace(X, ',', '.')"),
    (r"(timestamp|date) field", "a day written another way: strptime(X, '%d.%m.%Y')"),
    (r"No function matches.*VARCHAR", "a text is no number: cast(X as double)"),
    (r"syntax error", 'a name that SQL keeps for itself stands in double quotes: t."GROUP"'),
)
"""What the database says, and what helps."""


def remedy_of(said: str) -> str:
    """What helps against an error of the database; empty where nobody knows."""
    return next((help_ for sign, help_ in _REMEDIES if re.search(sign, said, re.IGNORECASE)), "")


def origins(scope: Scope, relation: str, expressions: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Of each expression its place and its columns in the source.

    An expression that reads no column has no place, and is called by its own text.
    """
    aliases: dict[str, str] = {}
    for node in sql_tree.nodes(f"select 1 from {relation}"):
        if node.get("type") == "BASE_TABLE" and str(node["table_name"]).lower() in scope.places:
            table = str(node["table_name"]).lower()
            aliases[str(node.get("alias") or table).lower()] = table
    named = {}
    for column, sql in expressions.items():
        read = list(dict.fromkeys(_columns(scope, aliases, sql)))
        places = dict.fromkeys(scope.places[table] for table, _ in read)
        called = ", ".join(dict.fromkeys(name for _, name in read))
        named[column] = (" and ".join(places), called or sql)
    return named


def named_tables(sql: str) -> set[str]:
    """Tables that a statement names, in small letters; none where it does not parse."""
    try:
        nodes = sql_tree.nodes(sql)
    except ValueError:
        return set()
    return {str(one["table_name"]).lower() for one in nodes if one.get("type") == "BASE_TABLE"}


def joined_tables(relation: str) -> list[tuple[str, str]]:
    """Alias, in double quotes, and table of each that stands in an SQL `from` by itself."""
    waiting = [sql_tree.statement(f"select 1 from {relation}")["from_table"]]
    found = []
    while waiting:
        node = waiting.pop(0)
        waiting += [node[side] for side in ("left", "right") if isinstance(node.get(side), dict)]
        if node.get("type") == "BASE_TABLE":
            table = str(node["table_name"]).lower()
            found.append((f'"{node.get("alias") or node["table_name"]}"', table))
    return found


def _columns(scope: Scope, aliases: dict[str, str], sql: str) -> list[tuple[str, str]]:
    """Table and column of each name in an expression, as far as the tables have it."""
    found = []
    for node in sql_tree.nodes(f"select {sql}"):
        if node.get("type") != "COLUMN_REF":
            continue
        *owner, name = (str(part).lower() for part in node["column_names"])
        wanted = [aliases[owner[-1]]] if owner and owner[-1] in aliases else aliases.values()
        found += [
            (table, name)
            for table in wanted
            if name in (column.lower() for column in scope.columns.get(table, ()))
        ]
    return found


def _is_column(scope: Scope, name: str) -> bool:
    return any(name == column.lower() for columns in scope.columns.values() for column in columns)


def _named(sql: str) -> list[str]:
    """Names that a statement gives to its own common table expressions."""
    return [
        str(entry["key"])
        for node in sql_tree.nodes(sql)
        for entry in (node.get("cte_map") or {}).get("map", [])
    ]


def _list(names: dict[str, str]) -> str:
    return ", ".join(sorted(names)) or "no table"


@cache
def _moody() -> frozenset[str]:
    """Functions whose answer changes from one run to the next."""
    with duckdb.connect() as con:
        rows = con.execute(
            "select distinct lower(function_name) from duckdb_functions() "
            "where stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
        ).fetchall()
    return frozenset(row[0] for row in rows)
