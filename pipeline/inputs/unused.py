"""What of a source no mapped table reads: the columns and tables that a person decides about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from queries import sql_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Statement:
    """The rows of a contract table as SQL over a source."""

    table: str
    sql: str


@dataclass(frozen=True)
class Unused:
    """The columns of one table of a source that no statement reads."""

    source: str
    columns: tuple[str, ...]
    readers: tuple[tuple[str, str], ...]
    """Contract table that reads other columns of it, with what the table is called there."""


def unused(
    statements: Iterable[Statement], tables: Mapping[str, Iterable[str]]
) -> tuple[Unused, ...]:
    """What is left of `tables` (their columns by name), those that something reads first.

    A name without its table is read of every table that the statement names.
    """
    spelt = {name.lower(): name for name in tables}
    read: set[tuple[str, str]] = set()
    readers: dict[str, dict[str, str]] = {name: {} for name in tables}
    for one in statements:
        nodes = sql_tree.nodes(one.sql)
        aliases = {
            str(node.get("alias") or node["table_name"]).lower(): spelt[node["table_name"].lower()]
            for node in nodes
            if node.get("type") == "BASE_TABLE" and node["table_name"].lower() in spelt
        }
        for alias, name in aliases.items():
            readers[name].setdefault(one.table, alias)
        for node in nodes:
            if node.get("type") == "COLUMN_REF":
                *owner, column = (str(part).lower() for part in node["column_names"])
                mine = [aliases[owner[-1]]] if owner and owner[-1] in aliases else aliases.values()
                read |= {(name, column) for name in mine}
    left = (
        Unused(name, _left(name, columns, read), tuple(readers[name].items()))
        for name, columns in tables.items()
    )
    return tuple(sorted((one for one in left if one.columns), key=lambda one: not one.readers))


def _left(name: str, columns: Iterable[str], read: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(column for column in columns if (name, column.lower()) not in read)
