"""The condition of a signal: one true-or-false expression over the features of its entity type.

A predicate is SQL that somebody else wrote, so it is bound to empty feature tables before a
build begins: a mistyped column, a second statement or a look into another table is seen then.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from queries import get, sql_tree
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def predicate_columns(entity_type: str, predicate: str) -> set[str]:
    """The columns that a predicate names.

    Raises duckdb.Error when it cannot be run over the features of `entity_type`, ValueError
    when it is not one condition, or asks another table.
    """
    sql = f"select ({predicate}) as holds from features.{entity_type}"
    with _empty_features().cursor() as con:
        if len(con.extract_statements(sql)) != 1:
            raise ValueError("it is more than one statement")
        _check_condition(con.execute(f"describe {sql}").fetchall())
    nodes = sql_tree.nodes(sql)
    if any(node.get("class") == "SUBQUERY" for node in nodes):
        raise ValueError("it asks another table")
    references = (node for node in nodes if node.get("class") == "COLUMN_REF")
    return {str(node["column_names"][-1]) for node in references}


def predicate_lacks(
    entity_type: str, predicate: str, unknown: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """The facts for want of which a predicate can never hold; none where it still can.

    `unknown` are the columns that are off. What an `and` joins is needed together, of what an
    `or` joins, or a sum of cases counts, one is enough. A column that the predicate excuses when
    it is null (`coalesce`, `is null`) must be known all the same: nobody is accused because
    something is not delivered.
    """
    if not unknown:
        return frozenset()
    tree = sql_tree.statement(f"select ({predicate}) as holds from features.{entity_type}")
    condition = tree["select_list"][0]
    excused = (_lacking(one, unknown) for one in sql_tree.descend(condition) if _excuses(one))
    return _lacking(condition, unknown).union(*excused)


def _lacking(node: dict[str, Any], unknown: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Facts missing for one expression."""
    if node.get("class") == "COLUMN_REF":
        return unknown.get(str(node["column_names"][-1]), frozenset())
    parts = [_lacking(one, unknown) for one in sql_tree.operands(node)]
    if _is_choice(node) and not all(parts):
        return frozenset()
    return frozenset().union(*parts)


def _is_choice(node: dict[str, Any]) -> bool:
    """Whether one of the operands is enough: an `or`, or a count of cases."""
    if node.get("type") == "CONJUNCTION_OR":
        return True
    operands = sql_tree.operands(node)
    is_sum = node.get("function_name") == "+"
    return is_sum and all(one["class"] == "CASE" or _is_choice(one) for one in operands)


def _excuses(node: dict[str, Any]) -> bool:
    return node.get("type") in ("OPERATOR_COALESCE", "OPERATOR_IS_NULL", "OPERATOR_NOT")


def _check_condition(columns: Sequence[Sequence[object]]) -> None:
    if len(columns) != 1 or columns[0][1] != "BOOLEAN":
        raise ValueError(f"it gives {', '.join(str(column[1]) for column in columns)}")


@cache
def _empty_features() -> duckdb.DuckDBPyConnection:
    """The feature tables as their headers declare them, without rows."""
    con = duckdb.connect(config={"enable_external_access": "false"})
    con.execute("create schema features")
    for entity_type in ENTITY_TYPES:
        columns = get(f"features/{entity_type}").returns
        declared = ", ".join(f"{column.name} {column.type}" for column in columns)
        con.execute(f"create table features.{entity_type} ({declared})")
    return con
