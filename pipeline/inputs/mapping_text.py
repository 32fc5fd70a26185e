"""A proposal as a mapping file that a person finishes, and as what a terminal says of it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from pipeline.inputs.proposal import CORE, Proposed
from pipeline.inputs.unused import Statement, unused
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pipeline.inputs.proposal import TableProposal
    from pipeline.inputs.unused import Unused
    from queries.contract import RawColumn

HEAD = """\
# Which tables and columns of {source} are which of the contract: proposed by
# `ringfence init`, finished by you. Look at every line with "guess"; fill in or leave out those
# that begin with #. Then: ringfence check {folder}
# docs/how-to-bring-your-own-data.md explains the file and shows one that is finished.

source = {quoted}
"""
CURRENCY, RATE, ZONE = "USD", 1.0, "UTC"
"""What stands in a proposal where the source does not say; each is a guess and says so."""
_WRITTEN = 3
"""Names in a line of a terminal; the rest is a number."""
_WIDTH = 100
"""Characters of a line of comment."""
ABSENT = """\
# Not there. Each line of a table says what it switches on; whoever has it takes the # away from
# its lines, and says where its rows come from and which column is which."""
LEFT = """\
# Not used: what of your tables no line above reads. A column that is what one of them asks for
# goes there, with the short name of its table before it; the rest may stay where it is."""


def mapping_text(
    proposals: dict[str, TableProposal], source: str, folder: str, left: Iterable[Unused] = ()
) -> str:
    """The text of a mapping file; `left` is what no proposal reads."""
    needed = [name for name in CORE if name not in proposals]
    absent = [name for name in raw_tables() if name not in proposals and name not in CORE]
    parts = [HEAD.format(source=source, folder=folder, quoted=json.dumps(source))]
    parts += ["\n".join(_blank(name)) + "\n" for name in needed]
    parts += ["\n".join(_table(one)) + "\n" for one in proposals.values()]
    if absent:
        parts += [ABSENT + "\n", *("\n".join(_blank(name)) + "\n" for name in absent)]
    if rest := [line for one in left for line in _unused(one)]:
        parts.append("\n".join([LEFT, *rest]) + "\n")
    return "\n".join(parts)


def left_of(
    proposals: Mapping[str, TableProposal], tables: Mapping[str, Iterable[str]]
) -> tuple[Unused, ...]:
    """What of the tables of a source (their columns by name) no proposal reads."""
    return unused((_statement(one) for one in proposals.values()), tables)


def _statement(one: TableProposal) -> Statement:
    selected = ", ".join(f"({column.sql})" for column in completed(one).values()) or "1"
    where = f" where {one.where}" if one.where else ""
    return Statement(one.table.name, f"select {selected} from {one.relation}{where}")


def _blank(name: str) -> Iterator[str]:
    """A contract table as a block without its #, for whoever has it."""
    table = raw_tables()[name]
    use = f"Switches on: {table.switches_on}" if table.optional else f"Needed: {table.purpose}"
    yield f"# [{name}]  # {use}"
    yield '# from = ""'
    yield f"# [{name}.columns]"
    for column in table.columns.values():
        if not column.nullable:
            yield f'# {column.name} = ""  # needed: {_described(column)}'
    further = ", ".join(
        f"{column.name} ({column.type})" for column in table.columns.values() if column.nullable
    )
    if further:
        yield from _wrapped(f"Where you have them: {further}", "## ")


def _unused(one: Unused) -> Iterator[str]:
    by_alias: dict[str, list[str]] = {}
    for table, alias in one.readers:
        by_alias.setdefault(alias, []).append(f"[{table}]")
    names = "; ".join(f"{alias} in {', '.join(tables)}" for alias, tables in by_alias.items())
    yield from _wrapped(f"{one.source} ({names or 'read by none'}): {', '.join(one.columns)}", "# ")


def _wrapped(line: str, lead: str) -> list[str]:
    return textwrap.wrap(
        line,
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=f"{lead}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(one: TableProposal) -> Iterator[str]:
    yield f"[{one.table.name}]  # {one.table.purpose}"
    relation = one.relation
    yield f'from = """\n    {relation}\n"""' if "\n" in relation else f"from = {_text(relation)}"
    if one.where:
        yield f"where = {_text(one.where)}"
    columns = completed(one)
    yield f"[{one.table.name}.columns]"
    for name, column in one.table.columns.items():
        if name in columns:
            mapped = columns[name]
            why = ": ".join(part for part in ("guess", mapped.note) if part)
            yield f"{name} = {_text(mapped.sql)}" + (f"  # {why}" if mapped.is_guess else "")
        else:
            need = "may be left out" if column.nullable else "needed"
            yield f'# {name} = ""  # {need}: {_described(column)}'


def completed(one: TableProposal) -> dict[str, Proposed]:
    """The columns as expressions of the contract's type, with what must be there as a guess."""
    columns = {
        name: _typed(one.table.columns[name], mapped, one.columns.get("currency"))
        for name, mapped in one.columns.items()
    }
    if one.table.name == "orders":
        usual = _usual_orders(columns)
        columns |= {name: usual[name] for name in usual if name not in columns}
    elif "currency" in one.table.columns and not one.table.columns["currency"].nullable:
        money = {"currency": f"'{CURRENCY}'", "usd_per_unit": f"{RATE}"}
        columns |= {
            name: Proposed(sql, True, "which?")
            for name, sql in money.items()
            if name not in columns and name in one.table.columns
        }
    return columns


def _usual_orders(columns: dict[str, Proposed]) -> dict[str, Proposed]:
    """What an order is where the source does not say."""
    created = columns.get("created_at")
    usual = {
        "currency": Proposed(f"'{CURRENCY}'", True, "in which currency are the prices?"),
        "usd_per_unit": Proposed(f"{RATE}", True, "what is one unit worth in USD?"),
        "quantity": Proposed("1", True, "a line is one piece"),
        "voucher_minor": Proposed("0", True, "no discount"),
        "shipping_minor": Proposed("0", True, "no shipping"),
    }
    if created:
        usual["paid_at"] = Proposed(created.sql, True, "paid when placed")
    parts = {name: columns.get(name, usual.get(name)) for name in _PARTS}
    if parts["items_minor"]:
        items, voucher, shipping = (one.sql if one else "0" for one in parts.values())
        usual["paid_minor"] = Proposed(f"{items} - {voucher} + {shipping}", True)
    elif "paid_minor" in columns:
        _, voucher, shipping = (one.sql if one else "0" for one in parts.values())
        sql = f"{columns['paid_minor'].sql} + {voucher} - {shipping}"
        usual["items_minor"] = Proposed(sql, True, "what is paid, before discount and shipping")
    return usual


_PARTS = ("items_minor", "voucher_minor", "shipping_minor")


def _typed(column: RawColumn, mapped: Proposed, currency: Proposed | None) -> Proposed:
    sql, note = mapped.sql, mapped.note
    if column.name.endswith("_minor") and not sql.strip('"').endswith(("_minor", "_cents")):
        money = currency.sql if currency else f"'{CURRENCY}'"
        price = f"minor({sql}, {money})"
        price += f" * cast({mapped.times} as bigint)" if mapped.times else ""
        return Proposed(price, True, note or "a price in whole units")
    if column.type == "timestamp" and mapped.has_offset:
        return Proposed(f"utc({sql}, '{ZONE}')", mapped.is_guess, note or "each says its offset")
    if column.type == "timestamp":
        return Proposed(f"utc({sql}, '{ZONE}')", True, note or "in the time zone of which place?")
    return mapped


def _text(sql: str) -> str:
    """SQL as TOML: in single quotes where it has none of its own."""
    return json.dumps(sql, ensure_ascii=False) if "'" in sql else f"'{sql}'"


def _described(column: RawColumn) -> str:
    """What belongs there, for whoever does not have the contract open."""
    parts = (
        column.type,
        column.unit or column.meaning,
        f"an id of {column.references.partition('.')[0]}" if column.references else "",
        f"one of {', '.join(column.one_of)}" if column.one_of else "",
        "a code of ISO 4217" if column.is_currency and not column.meaning else "",
    )
    return ", ".join(part for part in parts if part)


def sentences(proposals: dict[str, TableProposal], left: Iterable[Unused] = ()) -> Iterator[str]:
    """What was matched, guessed and is missing, what more would switch on, what is left over."""
    for name in CORE:
        if name not in proposals:
            yield f"{name}: nothing in the source looks like it, and it is needed."
            continue
        one, columns = proposals[name], completed(proposals[name])
        certain = len([column for column in columns.values() if not column.is_guess])
        guessed = [column for column, mapped in columns.items() if mapped.is_guess]
        lacking = [
            column
            for column, described in one.table.columns.items()
            if column not in columns and not described.nullable
        ]
        yield (
            f"{name} from {one.start}: {certain} columns matched, "
            f"{len(guessed)} guessed{_listed(guessed)}, {len(lacking)} needed and missing"
            f"{_listed(lacking)}."
        )
    further = [name for name in proposals if name not in CORE]
    if further:
        yield f"Also there: {', '.join(further)}."
    absent = [name for name in raw_tables() if name not in proposals and name not in CORE]
    if absent:
        yield (
            f"Not there: {', '.join(absent)}. The file says what each would switch on, and what "
            "columns it needs."
        )
    yield from _left_over(tuple(left))


def _left_over(left: tuple[Unused, ...]) -> Iterator[str]:
    counts = [len(one.columns) for one in left if one.readers]
    whole = [one.source for one in left if not one.readers]
    parts = [f"{sum(counts)} columns of {len(counts)} tables"] if counts else []
    parts += [f"the whole of {', '.join(whole)}"] if whole else []
    if parts:
        yield f"Not used: {', and '.join(parts)}. The file lists them at its end."


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _WRITTEN} more" if len(names) > _WRITTEN else ""
    return f" ({', '.join(names[:_WRITTEN])}{more})"
