"""References that lead to nobody, as a placeholder does that stands for "not known".

A warehouse that writes 0 or `unknown` where no creator was involved does not refer to a creator
of that id. Where the table referred to has such a row, the id is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import queries
from queries.literals import quoted

if TYPE_CHECKING:
    import duckdb

    from pipeline.inputs.rules import Link

OWN = "placeholders"
"""The raw table with a marketplace's own placeholders."""
_MACROS = ("is_filler", "placeholder_words")


@dataclass(frozen=True)
class Owner:
    """Where the rows that are referred to lie, and the words that stand for nobody."""

    ids: str
    """A relation with their key."""
    words: str = ""
    """A query of a marketplace's own placeholders in small letters, where it has some."""

    @classmethod
    def delivered(cls, link: Link, *, has_own: bool) -> Owner:
        """The rows of a delivery; `has_own` says whether it names placeholders of its own."""
        words = f"select lower(trim(value)) from raw.{OWN}" if has_own else ""
        return cls(f"raw.{link.owner}", words)


def placeholder_references(
    con: duckdb.DuckDBPyConnection, rows: str, link: Link, owner: Owner
) -> list[str]:
    """Placeholders in a column of the relation `rows` that refer to no row of that id."""
    for name in _MACROS:
        con.execute(queries.macros()[name])
    own = f" or word in ({owner.words})" if owner.words else ""
    found = con.execute(
        f'with ids as materialized (select distinct t."{link.column}" as value '
        f"from {rows} as t where {link.condition}), words as materialized "
        "(select value, lower(trim(value)) as word from ids), "
        "fillers as materialized (select value from words where is_filler(value) "
        f"or list_contains(placeholder_words(), word){own}) "
        f"select value from fillers as f where not exists (select 1 from {owner.ids} as o "
        f'where o."{link.key}" = f.value) order by value'
    ).fetchall()
    return [str(row[0]) for row in found]


def as_relation(values: list[str]) -> str:
    """SQL of a query of some texts."""
    return f"select unnest([{', '.join(map(quoted, values))}])"
