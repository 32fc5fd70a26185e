"""A proposal as a mapping file that a person finishes, and as what a terminal says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.inputs.proposal import CORE, Proposed
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.inputs.proposal import TableProposal
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


def mapping_text(proposals: dict[str, TableProposal], source: str, folder: str) -> str:
    """The text of a mapping file."""
    absent = [name for name in raw_tables() if name not in proposals and name not in CORE]
    parts = [HEAD.format(source=source, folder=folder, quoted=json.dumps(source))]
    if absent:
        lines = "".join(f'    "{name}",  # {_use(name)}\n' for name in absent)
        parts.append(f"# Not there. What each would switch on:\nnot_delivered = [\n{lines}]\n")
    parts += [
        f'# [{name}]  # needed: {raw_tables()[name].purpose}\n# from = ""\n'
        for name in CORE
        if name not in proposals
    ]
    parts += ["\n".join(_table(one)) + "\n" for one in proposals.values()]
    return "\n".join(parts)


def _use(name: str) -> str:
    table = raw_tables()[name]
    return table.switches_on or table.purpose


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
    return ", ".join(part for part in (column.type, column.unit or column.meaning) if part)


def sentences(proposals: dict[str, TableProposal]) -> Iterator[str]:
    """What was matched, what was guessed, what is missing, what more would switch on."""
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
        yield f"Not there: {', '.join(absent)}. The file says what each would switch on."


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _WRITTEN} more" if len(names) > _WRITTEN else ""
    return f" ({', '.join(names[:_WRITTEN])}{more})"
