"""SQL as DuckDB's own parser reads it: the tables and columns that a statement names.

A pattern over text would miss a table behind an alias and find one in a comment; the parser
that runs the statement does neither. Everything that looks into SQL walks this tree.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes(sql: str) -> list[dict[str, Any]]:
    """Every node of the syntax tree of `sql`, parents before children.

    Raises ValueError with DuckDB's message where `sql` does not parse.
    """
    return list(descend(_tree(sql)))


@cache
def tables(sql: str) -> frozenset[str]:
    """The `schema.table` names that `sql` reads; CTEs and other names without a schema are none."""
    return frozenset(
        f"{node['schema_name']}.{node['table_name']}"
        for node in nodes(sql)
        if node.get("type") == "BASE_TABLE" and node.get("schema_name")
    )


@cache
def statement(sql: str) -> dict[str, Any]:
    """The tree of the one statement `sql`: its SELECT, or its union of several."""
    node: dict[str, Any] = _tree(sql)["statements"][0]["node"]
    return node


def operands(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The expressions that an expression is made of, without those of a query inside it."""
    found = []
    for key, value in node.items():
        if key in _NO_OPERANDS:
            continue
        if key in ("arguments", "orders", "case_checks", "children", "partitions"):
            found += [part for one in value for part in _parts(one)]
        elif isinstance(value, dict) and "class" in value:
            found.append(value)
    return found


_NO_OPERANDS = frozenset({"type_expr", "subquery", "order_bys"})


def _parts(one: dict[str, Any]) -> list[dict[str, Any]]:
    """An operand as it is, or the expressions that it wraps."""
    if "class" in one:
        return [one]
    return [value for value in one.values() if isinstance(value, dict) and "class" in value]


def descend(value: Any) -> Iterator[dict[str, Any]]:
    """Every node inside a part of a tree, itself first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _tree(sql: str) -> dict[str, Any]:
    with _parser().cursor() as con:
        rows = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()
    tree: dict[str, Any] = json.loads(rows[0][0])
    if tree["error"]:
        raise ValueError(tree.get("error_message", "no message"))
    return tree


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """One database without tables, for parsing: opening one takes longer than the parse."""
    return duckdb.connect()
