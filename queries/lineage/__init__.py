"""Which raw facts a column rests on, and what that leaves unknown where some are not delivered.

A marketplace without device logs must not read "no shared device" as innocence, nor a join of
nothing with nothing as guilt. Nobody keeps a list of which number needs which column: this
walks the SQL that makes the number, column by column, and carries along what is missing.

What stands in one expression or one join is needed together. What a union puts below one
another is not: a count over several kinds of events is known while one of them is, and
`kind = 'dispute'` reads the branch of that kind alone. Which entity is described on which day
is no fact (`SPINE`), so a missing table leaves values unknown, never rows.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from queries import get, names, sql_tree
from queries.contract import raw_tables
from queries.lineage.cells import KNOWN, Branch, Cell, any_of
from queries.lineage.statements import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queries.lineage.cells import Facts, Relation

SPINE = frozenset(
    (
        *("population.active_spans", "population.observations"),
        *("population.seller_spine", "population.buyer_spine"),
        *("graph.entities", "facts.entity_keys", "facts.age_bands"),
        *("facts.snapshots", "days.snapshot_days"),
    )
)
"""Tables that say who is described when."""
ADDED = {"labels": ("weight", "withdrawn_at")}
"""Columns that the build itself adds to a raw table."""


class Lineage:
    """What is unknown of every built table where the facts `missing` are not delivered.

    A fact is a raw table (`shipments`), a column of one (`orders.device_id`), or a built table
    that is left empty (`similarity.title_twins`).
    """

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = frozenset(missing)
        self._relations: dict[str, Relation] = {}

    def unknown(self, table: str) -> dict[str, Facts]:
        """Each column of `schema.table` that cannot be known, and the facts it lacks."""
        relation = self.relation(table)
        columns = {name for branch in relation for name in branch.cells}
        found = {
            name: any_of(
                branch.cells[name].lacking(branch.rows)
                for branch in relation
                if name in branch.cells
            ).missing
            for name in columns
        }
        return {name: facts for name, facts in sorted(found.items()) if facts}

    def relation(self, table: str) -> Relation:
        """The branches of `schema.table`: one for each part of its union that differs."""
        if table not in self._relations:
            self._relations[table] = self._made(table)
        return self._relations[table]

    def _made(self, table: str) -> Relation:
        schema, _, name = table.partition(".")
        if schema == "raw":
            return (self._raw(name),)
        if table in self.missing:
            lacks = frozenset({table})
            return (Branch(lacks, {one: Cell(lacks) for one in _columns(table)}),)
        if table in SPINE:
            return (Branch(KNOWN, _columns(table)),)
        if table.replace(".", "/") not in _built():
            return (Branch(KNOWN, {}),)
        tree = sql_tree.statement(get(table.replace(".", "/")).sql)
        return Reader(self.relation, is_source=schema == "staging").query(tree, {})

    def _raw(self, name: str) -> Branch:
        if name not in raw_tables():  # whom scores name: of no delivery, so never missing
            return Branch(KNOWN, {})
        rows = self.missing & {name}
        columns = [*raw_tables()[name].columns, *ADDED.get(name, ())]
        cells = {one: Cell(rows | (self.missing & {f"{name}.{one}"})) for one in columns}
        return Branch(rows, cells)


@cache
def lineage(missing: Facts) -> Lineage:
    """The one reading of all SQL for a set of missing facts: a build asks it table by table."""
    return Lineage(missing)


@cache
def _built() -> frozenset[str]:
    return frozenset(names())


def _columns(table: str) -> dict[str, Cell]:
    """The columns of a built table; of one that Python writes nothing is said."""
    name = table.replace(".", "/")
    return {column.name: Cell() for column in get(name).returns} if name in _built() else {}
