"""References that lead to nobody, as a placeholder does that stands for "not known".

A warehouse that writes 0 or `unknown` where no creator was involved does not refer to a creator
of that id. Where the table referred to has such a row, the id is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from queries.literals import quoted

if TYPE_CHECKING:
    import duckdb

    from pipeline.inputs.rules import Link

OWN = "placeholders"
"""The raw table with a marketplace's own placeholders."""
_MACROS = ("is_filler", "placeholder_words")


def placeholder_references(
    con: duckdb.DuckDBPyConnection, table: str, link: Link, *, has_own: bool
) -> list[str]:
    """Placeholders in a column that refers to rows of a table without a row of that id.

    `has_own` says whether the delivery names placeholders of its own.
    """
    for name in _MACROS:
        con.execute(queries.macros()[name])
    own = f" or word in (select lower(trim(value)) from raw.{OWN})" if has_own else ""
    rows = con.execute(
        f'with strangers as materialized (select distinct t."{link.column}" as value, '
        f"lower(trim(value)) as word from raw.{table} as t where {link.condition} and not exists "
        f'(select 1 from raw.{link.owner} as o where o."{link.key}" = t."{link.column}")) '
        "select value from strangers where is_filler(value) "
        f"or list_contains(placeholder_words(), word){own} order by value"
    ).fetchall()
    return [str(row[0]) for row in rows]


def as_relation(values: list[str]) -> str:
    """SQL of a query of some texts."""
    return f"select unnest([{', '.join(map(quoted, values))}])"
