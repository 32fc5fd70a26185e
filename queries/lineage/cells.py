"""What lineage carries along: a cell of a column, a branch of a relation, a scope of names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Facts = frozenset[str]
KNOWN: Facts = frozenset()


@dataclass(frozen=True)
class Cell:
    """The values of one column in one branch: what they lack, and the constants they may be."""

    missing: Facts = KNOWN
    literals: frozenset[str] = frozenset()
    """The only values there can be; empty where they are not constants."""
    is_empty: bool = False
    """Whether there never is a value here: null, or a sum over what a branch does not hold."""
    fields: tuple[tuple[str, Cell], ...] = ()
    """The fields of a struct."""

    @property
    def is_void(self) -> bool:
        """Whether it adds nothing to a sum: no value, or the constant 0."""
        return self.is_empty or (bool(self.literals) and self.literals <= _ZEROS)

    def lacking(self, missing: Facts) -> Cell:
        """The same, lacking `missing` as well."""
        return replace(self, missing=self.missing | missing) if missing else self

    def computed(self) -> Cell:
        """The same as a value that is no constant."""
        return replace(self, literals=frozenset())

    def field(self, name: str) -> Cell:
        """One field of a struct; what holds for the whole where fields are not told apart."""
        return dict(self.fields).get(name, replace(self, fields=()))


NULL = Cell(literals=frozenset({""}), is_empty=True)
_ZEROS = frozenset({"0", "0.0"})


def constant(text: object) -> Cell:
    """The cell of a value that is written out."""
    return Cell(literals=frozenset({str(text)}))


@dataclass(frozen=True)
class Branch:
    """Rows that one part of a union gives; `rows` is what decides whether there are any."""

    rows: Facts
    cells: dict[str, Cell]


Relation = tuple[Branch, ...]


@dataclass(frozen=True)
class Scope:
    """The tables that names are looked up in, one branch of each."""

    rows: Facts
    tables: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def beside(self, other: Scope) -> Scope:
        """Both, joined."""
        return Scope(self.rows | other.rows, self.tables | other.tables)

    def shadowed(self, missing: Facts) -> Scope:
        """The same where rows lack `missing`: a cell without a want of its own lacks that.

        One with such a want is unknown with or without a row, and says why itself.
        """
        return Scope(
            self.rows,
            {
                alias: {
                    name: cell if cell.missing else cell.lacking(missing)
                    for name, cell in cells.items()
                }
                for alias, cells in self.tables.items()
            },
        )

    def columns(self, alias: str | None = None) -> list[str]:
        """Column names of one table, or of all."""
        chosen = [self.tables[alias]] if alias else self.tables.values()
        return [name for cells in chosen for name in cells]

    def find(self, name: str, alias: str | None = None) -> Cell:
        """The cell of a column; of a table without a contract, whatever is asked for is known."""
        chosen = [self.tables[alias]] if alias else self.tables.values()
        return next((cells[name] for cells in chosen if name in cells), Cell())

    def resolve(self, path: list[str]) -> Cell:
        """`column`, `table.column`, `column.field` or `table.column.field`."""
        if path[0] in self.tables and len(path) > 1:
            cell, rest = self.find(path[1], path[0]), path[2:]
        else:
            cell, rest = self.find(path[0]), path[1:]
        for name in rest:
            cell = cell.field(name)
        return cell


def every(cells: Iterable[Cell]) -> Cell:
    """What is made of several values: it lacks what any of them lacks."""
    parts = list(cells)
    if len(parts) == 1:
        return parts[0]
    values = [one for one in parts if one.is_empty or not one.literals]
    missing = KNOWN.union(*(one.missing for one in parts))
    return Cell(missing, is_empty=bool(values) and all(one.is_empty for one in values))


def any_of(cells: Iterable[Cell]) -> Cell:
    """One of several: it is known where one of those that have values is."""
    parts = list(cells)
    if len(parts) == 1:
        return parts[0]
    values = [one for one in parts if not one.is_void] or parts
    if not values:
        return NULL
    are_constants = len(values) == len(parts) and all(one.literals for one in values)
    fields = {name: [one.field(name) for one in values] for name, _ in values[0].fields}
    return Cell(
        any_rows(one.missing for one in values),
        frozenset().union(*(one.literals for one in values)) if are_constants else frozenset(),
        all(one.is_empty for one in values),
        tuple((name, any_of(own)) for name, own in fields.items()),
    )


def any_rows(several: Iterable[Facts]) -> Facts:
    """What is missing where each of several would do: what the one lacks that lacks least."""
    return min(several, key=lambda facts: (len(facts), sorted(facts)), default=KNOWN)
