"""What no row may be, as SQL: the rules that the contract's attributes stand for.

Each rule is a condition over one row `t` of a table (`"x as delivered"` where a value may not
be what its column asks for), and over `o`, the row it refers to. That they are conditions and
not queries is what makes checking cheap: all rules of a row are held in one scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from queries.contract import RawColumn, RawTable, raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.inputs.raw_views import Delivered
    from pipeline.settings.inputs import InputSettings


AS_DELIVERED = " as delivered"
"""Ends the name of a column that holds what was delivered, beside what it was cast to."""


class Outcome(Enum):
    """What a broken rule means for its row."""

    FAULT = "fault"
    FOLLOWS = "follows"
    """The row refers to one that is gone: so few of a small table may be, whatever share."""
    LEFT_OUT = "left out"
    """The row lies after the day of the build: no fault, and counted apart."""
    NOTE = "note"
    """The row stays."""


@dataclass(frozen=True)
class Rule:
    """One thing that no row may be, in SQL and in words."""

    column: str
    broken: str
    found: str
    remedy: str
    why: str = ""
    outcome: Outcome = Outcome.FAULT
    factor: str = ""
    """SQL of how many times too large a value is, where that tells a wrong unit."""


@dataclass(frozen=True)
class Link:
    """A column that refers to another table, and the rows that do."""

    column: str
    owner: str
    condition: str

    @property
    def key(self) -> str:
        """Key column of the table referred to."""
        return raw_tables()[self.owner].key[0]


def scanned(delivered: Delivered) -> str:
    """A relation of the typed columns and, where a cast may fail, of those as delivered."""
    columns = [delivered.typed(column) for column in delivered.table.columns.values()]
    columns += [
        f'{delivered.original(column)} as "{column.name}{AS_DELIVERED}"'
        for column in delivered.table.columns.values()
        if delivered.may_fail(column)
    ]
    return f"(select {', '.join(columns)} from delivered.{delivered.name})"


def links(table: RawTable) -> Iterator[Link]:
    """Each column that refers to another table, with that table."""
    for column in table.columns.values():
        if column.references:
            yield Link(column.name, column.references.partition(".")[0], "true")
        for entity_type in (
            table.columns[column.entity_type_in].one_of if column.entity_type_in else ()
        ):
            condition = f"t.\"{column.entity_type_in}\" = '{entity_type}'"
            yield Link(column.name, f"{entity_type}s", condition)


def orphan_rule(link: Link) -> Rule:
    """A reference to a row that was not delivered."""
    broken = f'{link.condition} and t."{link.column}" is not null and o."{link.key}" is null'
    return Rule(
        link.column,
        broken,
        f"refers to no {link.owner}.{link.key}",
        f"Deliver the missing rows of {link.owner}, or leave these rows out.",
        outcome=Outcome.FOLLOWS,
    )


def link_rules(table: RawTable, owner: str, settings: InputSettings) -> list[Rule]:
    """What a row may not be beside the row of `owner` that it refers to."""
    rules: list[Rule] = []
    for column in table.columns.values():
        rules += [
            order_rule(column, f'o."{earliest}"', f"{owner}.{earliest}")
            for earliest in _of(owner, column.not_before)
        ]
        rules += [_same_rule(column, owner, same) for same in _of(owner, column.same_as)]
        bounds = list(_of(owner, column.part_of))
        rules += _part_rules(column, owner, bounds, settings) if bounds else []
    return rules


def _of(owner: str, places: tuple[str, ...]) -> Iterator[str]:
    return (place.partition(".")[2] for place in places if place.startswith(f"{owner}."))


def order_rule(column: RawColumn, bound: str, earliest: str) -> Rule:
    """A time that may not precede another, `bound` in SQL."""
    return Rule(
        column.name,
        f't."{column.name}" < {bound}',
        f"time travel: earlier than {earliest}",
        "Correct the clock or time zone (UTC).",
    )


def _same_rule(column: RawColumn, owner: str, same: str) -> Rule:
    return Rule(
        column.name,
        f't."{column.name}" <> o."{same}"',
        f"is not {owner}.{same} of the row it refers to",
        f"Correct one of them: what the row refers to belongs to {owner}.{same}.",
    )


def _part_rules(
    column: RawColumn, owner: str, bounds: list[str], settings: InputSettings
) -> list[Rule]:
    """Money that cannot be a part of its whole, and money that can hardly be."""
    whole = ", ".join(f'o."{bound}"' for bound in bounds)
    money = f't."{column.name}" * t.usd_per_unit'
    most = f"{settings.part_times} * greatest({whole}) * o.usd_per_unit + 1000"
    usual = f"{settings.part_over} * greatest({whole}) * o.usd_per_unit + 100"
    remedy = "Deliver whole minor units of the row's currency, and its rate."
    impossible = Rule(
        column.name,
        f"{money} > {most}",
        f"over {settings.part_times:g} times the money of its row of {owner}",
        remedy,
        "Either amount is in another unit.",
    )
    unlikely = Rule(
        column.name,
        f"{money} > {usual} and not {money} > {most}",
        f"over {settings.part_over:g} times the money of its row of {owner}",
        remedy,
        "Either amount may be in another unit, or of more than one row.",
        Outcome.NOTE,
    )
    return [impossible, unlikely]
