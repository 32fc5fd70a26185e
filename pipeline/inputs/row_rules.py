"""The rules that a row can break by itself: types, bounds, texts, ids, sums and clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.inputs.clocks import EARLIEST, LATEST, Clock
from pipeline.inputs.raw_views import Delivered, described, is_state
from pipeline.inputs.rules import Outcome, Rule, links, order_rule
from queries.contract import LONGEST_ID, VECTOR, RawColumn, RawTable, currencies, raw_tables
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.settings.inputs import InputSettings

MOST_WHOLE = 10**13
"""No amount, audience or count of one row is larger: a hundred billion units of a currency."""
MOST_NUMBER = 1e12
"""The same of a number with a fraction."""
LEAST_NUMBER = 1e-12
"""A vector whose every place is nearer to nought is nought."""
INVISIBLE = r"[\p{Cc}\x{00AD}\x{200B}\x{200E}\x{200F}\x{2028}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"
"""Signs of an id that nobody can see or type: control characters and marks of direction."""


def row_rules(delivered: Delivered, clock: Clock | None, settings: InputSettings) -> list[Rule]:
    """The rules that one row can break by itself."""
    table = delivered.table
    rules: list[Rule] = []
    for column in table.columns.values():
        rules += _type_rules(delivered, column)
        rules += _value_rules(column)
        rules += _vector_rules(column)
        rules += _text_rules(table, column)
        if column.sum_of:
            rules.append(_sum_rule(column, settings))
        if column.is_end:
            rules += _end_rules(delivered, column, clock)
        if column.type in ("timestamp", "date"):
            rules += _clock_rules(table, column, clock, settings)
    return rules


_SPELLINGS = {
    "timestamp": " Write it as in 2026-06-01 14:30:00.",
    "date": " Write it as in 2026-06-01.",
}
"""Days and months in another order are nobody's to guess."""


def _type_rules(delivered: Delivered, column: RawColumn) -> Iterator[Rule]:
    value, remedy = f't."{column.name}"', f"Deliver {described(column)}."
    original = f't."{column.name} as delivered"' if delivered.may_fail(column) else value
    if not column.nullable:
        fill = f"Fill in {described(column)}."
        yield Rule(column.name, f"{original} is null", "value is missing", fill)
    if original == value:
        return
    broken = f"({original} is not null and {value} is null)"
    if column.type == "bigint":
        number = f"try_cast({original} as double)"
        broken += f" or {number} <> round({number})"
    if column.type == "double":
        broken += f" or not isfinite({value})"
    if column.type == "varchar" and delivered.types.get(column.name) in ("double", "float"):
        found = "ids with a fraction" if column.name.endswith("_id") else "numbers"
        why = "A number with a fraction reads as 7.0 and matches no id 7."
        yield Rule(column.name, f"{original} is not null", f"holds {found}", remedy, why)
    if column.type != "varchar":
        kind = "list of numbers" if column.type == VECTOR else column.type
        spelling = _SPELLINGS.get(column.type, "")
        yield Rule(column.name, broken, f"values are not a {kind}", f"{remedy}{spelling}")


def _value_rules(column: RawColumn) -> Iterator[Rule]:
    value, deliver = f't."{column.name}"', f"Deliver {described(column)}."
    if column.min is not None:
        is_money = column.name.endswith("_minor")
        found = "negative money" if is_money else f"value is below {column.min:g}"
        yield Rule(column.name, f"{value} < {column.min}", found, deliver)
    most = column.max
    if most is None and column.type in ("bigint", "double"):
        most = MOST_WHOLE if column.type == "bigint" else MOST_NUMBER
    if most is not None:
        found = f"value is above {most:,}" if most >= MOST_NUMBER else f"value is above {most:g}"
        yield Rule(column.name, f"{value} > {most}", found, deliver)
    for earliest in column.not_before:
        if "." not in earliest:
            yield order_rule(column, f't."{earliest}"', earliest)


def _vector_rules(column: RawColumn) -> Iterator[Rule]:
    """A direction needs numbers, and one that is not nought."""
    if column.type != VECTOR:
        return
    value = f't."{column.name}"'
    is_odd = f"x is null or not isfinite(x) or abs(x) > {MOST_NUMBER}"
    odd = f"len(list_filter({value}, lambda x: {is_odd})) > 0"
    remedy = f"Deliver a number up to {MOST_NUMBER:g} in every place, or leave the row out."
    yield Rule(column.name, odd, "vector with a place that holds no number", remedy)
    nought = f"len(list_filter({value}, lambda x: abs(x) > {LEAST_NUMBER})) = 0"
    remedy = "Leave the row out: what has no text or picture has no vector."
    why = "It has no direction, and so no angle to any other."
    yield Rule(column.name, nought, "vector of zeros", remedy, why)


def _text_rules(table: RawTable, column: RawColumn) -> Iterator[Rule]:
    value, deliver = f't."{column.name}"', f"Deliver {described(column)}."
    if column.one_of:
        remedy = f"Use one of: {', '.join(column.one_of)}."
        broken = f"{value} not in {_sql_list(column.one_of)}"
        yield Rule(column.name, broken, "value is not on the list", remedy)
    if column.is_time_zone:
        broken = f"{value} not in (select name from pg_timezone_names())"
        yield Rule(column.name, broken, "no time zone of that name", deliver)
    if column.is_currency:
        broken = f"{value} not in {_sql_list(sorted(currencies()))}"
        remedy = "Use three letters as in USD, or add yours to queries/contracts/currencies.toml."
        yield Rule(column.name, broken, "no currency of ISO 4217", remedy)
    if column.type == "varchar" and column.name in table.key and not column.references:
        yield from _id_rules(table, column)


def _id_rules(table: RawTable, column: RawColumn) -> Iterator[Rule]:
    value = f't."{column.name}"'
    deliver = "Give every row an id of its own."
    why = "Whatever else has no id would refer to it."
    # The first half of each condition costs next to nothing, and nearly every row fails it.
    empty = f"({value} < '!' and trim({value}) = '')"
    yield Rule(column.name, empty, "empty id", deliver, why)
    long = f"(strlen({value}) > {LONGEST_ID} and length({value}) > {LONGEST_ID})"
    found = f"id of more than {LONGEST_ID} characters"
    why = "A text may stand in the wrong column."
    yield Rule(column.name, long, found, "Deliver the id itself.", why)
    if table.name in _referred_to():
        found, remedy = "id with signs that nobody can see", "Take them out, wherever it stands."
        why = "It looks like another id and cannot be typed."
        yield Rule(column.name, f"regexp_matches({value}, '{INVISIBLE}')", found, remedy, why)


def _referred_to() -> set[str]:
    return {link.owner for table in raw_tables().values() for link in links(table)}


def _sql_list(values: tuple[str, ...] | list[str]) -> str:
    return f"({', '.join(map(quoted, values))})"


def _end_rules(delivered: Delivered, column: RawColumn, clock: Clock | None) -> Iterator[Rule]:
    """What has begun on the last day may last beyond it; whatever is older has ended."""
    value = f't."{column.name}"'
    original = f't."{column.name} as delivered"' if delivered.may_fail(column) else value
    broken, fill = f"{original} is null", f"Fill in {described(column)}."
    if clock:
        begun = f"coalesce(t.\"{column.not_before[0]}\" >= date '{clock.last_day}', false)"
        found = f"runs at the end of {clock.last_day}, the last day"
        yield Rule(column.name, f"{broken} and {begun}", found, "", outcome=Outcome.LEFT_OUT)
        broken += f" and not {begun}"
    yield Rule(column.name, broken, "value is missing", fill)


def _clock_rules(
    table: RawTable, column: RawColumn, clock: Clock | None, settings: InputSettings
) -> Iterator[Rule]:
    value = f't."{column.name}"'
    null = " Leave it empty where there is none." if column.nullable else ""
    remedy = f"Correct the clock.{null}"
    why = "That is what a computer writes for no time at all."
    broken = f"{value} < date '{EARLIEST}'"
    yield Rule(column.name, broken, f"time before {EARLIEST}", remedy, why)
    if column.may_lie_ahead or clock is None:
        last = f"timestamp '{LATEST} 23:59:59.999999'"
        if column.type == "date":
            last = f"date '{LATEST}'"
        broken = f"{value} > {last}"
        yield Rule(column.name, broken, f"time after {LATEST}", remedy)
        return
    if clock.leaves_out(table.name) and not is_state(column):
        until = "" if clock.is_asked else f" and {value} < date '{clock.wrong_from(table.name)}'"
        broken = f"{value} >= date '{clock.as_of}'{until}"
        found = f"lies on or after {clock.as_of}, the day of the build"
        yield Rule(column.name, broken, found, "", outcome=Outcome.LEFT_OUT)
    if not clock.is_asked:
        yield from _late_rules(table, column, clock, remedy)
    if table.name == "orders" and column.name == "created_at":
        first = f"date '{clock.first_day}' - {settings.early_days}"
        found = f"lies long before every other order (they begin {clock.first_day})"
        yield Rule(column.name, f"{value} < {first}", found, "Correct the clock.")


def _late_rules(table: RawTable, column: RawColumn, clock: Clock, remedy: str) -> Iterator[Rule]:
    value, last = f't."{column.name}"', clock.wrong_from(table.name)
    if clock.is_of_wall:
        found = f"lies after today, {clock.last_day} UTC"
        yield Rule(column.name, f"{value} >= date '{last}'", found, remedy)
        return
    found = f"lies after the data end: the last day of orders is {clock.last_day}"
    days = (last - clock.as_of).days
    why = f"Up to {days} days later it would be left out and counted."
    remedy += f" If it is right, leave out whatever is later: --as-of {clock.as_of}."
    yield Rule(column.name, f"{value} >= date '{last}'", found, remedy, why)
    if column.name == "known_at":
        broken = f"{value} >= date '{clock.as_of}' and {value} < date '{clock.last_known}'"
        found = f"became known after the last day of orders ({clock.last_day})"
        why = "Such a label teaches nothing yet."
        remedy = "Deliver the orders of those days too."
        yield Rule(column.name, broken, found, remedy, why, Outcome.NOTE)


def _sum_rule(column: RawColumn, settings: InputSettings) -> Rule:
    """A sum that is not the sum of its parts; nothing, as of a sample, is always right."""
    terms = " ".join(
        f'- t."{part[1:]}"' if part.startswith("-") else f'+ t."{part}"' for part in column.sum_of
    )
    value, total = f't."{column.name}"', f"greatest(0e0 {terms}, 0)"
    slack = f"{settings.sum_minor} + {settings.sum_share} * greatest({value}, {total})"
    words = " ".join(
        f"- {part[1:]}" if part.startswith("-") else f"+ {part}" for part in column.sum_of
    ).removeprefix("+ ")
    return Rule(
        column.name,
        f"{value} > 0 and abs({value} - {total}) > {slack}",
        f"is not {words}",
        "Deliver all of them in minor units of one currency, discounts as positive numbers.",
        "One of them is in another unit, or counted twice.",
        factor=f"{value} / nullif({total}, 0)",
    )
