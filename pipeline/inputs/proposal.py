"""Propose a mapping: which tables of a source are ours, and which column is which.

For each contract table the source table is taken that leads to most of its columns, by itself
or through tables that it refers to by a unique key. What is not certain is a guess and says so;
what is not there is left for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from pipeline.inputs.amounts import settle
from pipeline.inputs.likeness import alias_of, column_of, is_table, words
from queries.contract import RawTable, raw_tables

if TYPE_CHECKING:
    from pipeline.inputs.shape import Shape

CORE = ("merchants", "products", "buyers", "orders")
FURTHEST = 2
"""Tables between a line and what it refers to: line, order, customer."""
KEY_ENDINGS = ("id", "key", "no", "code", "sku")
"""How the name of a column ends by which one table refers to another."""
KEY_WORDS = ("item", "line", "sequence", "sequential", "number", "no", "seq", "product", "sku")
"""Words of the column that tells the lines of one order apart."""


@dataclass(frozen=True)
class Proposed:
    """Where a column may come from."""

    sql: str
    is_guess: bool
    note: str = ""
    has_offset: bool = False
    """Whether each of its times says its zone or offset itself."""
    times: str = ""
    """What an amount of one piece is multiplied by."""


@dataclass
class TableProposal:
    """Where a contract table may come from."""

    table: RawTable
    start: str
    """The table of the source whose rows it has."""
    relation: str = ""
    where: str = ""
    columns: dict[str, Proposed] = field(default_factory=dict)
    line: tuple[str, str] | None = None
    """Columns of `start` that together are its key, where the first alone repeats."""
    is_key_unique: bool = False

    @property
    def missing(self) -> list[str]:
        """Columns for which nothing is proposed."""
        return [name for name in self.table.columns if name not in self.columns]

    @property
    def guesses(self) -> list[str]:
        """Columns that a person has to look at."""
        return [name for name, one in self.columns.items() if one.is_guess]


def proposed(shape: Shape) -> dict[str, TableProposal]:
    """A proposal for every contract table of which something is there."""
    found: dict[str, TableProposal] = {}
    for table in raw_tables().values():
        starts = [name for name, plain in shape.bare.items() if is_table(plain, table.name)]
        ways = [_from_table(shape, table, start) for start in starts]
        best = max(ways, key=_merit, default=None)
        if best and best.columns:
            found[table.name] = best
    if "orders" in found:
        _follow_orders(shape, found)
    return {name: found[name] for name in raw_tables() if name in found}


def _merit(one: TableProposal) -> tuple[int, int]:
    required = [name for name in one.columns if not one.table.columns[name].nullable]
    return len(required), len(one.columns)


def _follow_orders(shape: Shape, found: dict[str, TableProposal]) -> None:
    """What orders say of the other tables: ids, parcels, and which line a row is of."""
    orders = found["orders"]
    if "shipments" not in found:
        parcels = _from_table(shape, raw_tables()["shipments"], orders.start)
        if "shipped_at" in parcels.columns:
            found["shipments"] = parcels
            parcels.where = f"{parcels.columns['shipped_at'].sql} is not null"
            parcels.columns["shipment_id"] = replace(orders.columns["order_id"], is_guess=True)
    for name, one in found.items():
        if name != "orders" and orders.line and "order_id" in one.columns:
            _name_line(shape, one, orders)
    for name in CORE:
        if name != "orders" and not _is_whole(found.get(name)):
            derived = _from_orders(raw_tables()[name], orders, found.get(name))
            found |= {name: derived} if derived else {}


def _is_whole(one: TableProposal | None) -> bool:
    """Whether a table has its key, once each, and what it must refer to."""
    if one is None or not one.is_key_unique:
        return False
    needed = [name for name, column in one.table.columns.items() if column.references]
    return all(name in one.columns for name in needed)


def _from_table(shape: Shape, table: RawTable, start: str) -> TableProposal:
    """The table with everything that it refers to by a unique key, as far as that is of use."""
    joins = _reach(shape, start)
    aliases: dict[str, str] = {}
    for one in (start, *joins):
        aliases[one] = alias_of(shape.bare[one], aliases.values())
    made = TableProposal(table, start)
    used: set[str] = set()
    for name in table.columns:
        source, column, off = _best(shape, table, name, (start, *joins))
        if source:
            place, is_guess = (source, column), off > 0 or source != start
            kind = _kind(table, name)
            made.columns[name] = _read(shape, kind, place, aliases[source], is_guess)
            used |= _way(source, joins)
    lines = [f"{shape.spelt(start)} as {aliases[start]}"]
    for one, (owner, column) in joins.items():
        if one in used:
            key = shape.spelt(column)
            on = f"{aliases[one]}.{key} = {aliases[owner]}.{key}"
            lines.append(f"left join {shape.spelt(one)} as {aliases[one]} on {on}")
    made.relation = "\n    ".join(lines)
    if table.name == "orders":
        settle(shape, made, aliases[start])
    _make_key_unique(shape, made, aliases[start])
    return made


def _read(shape: Shape, kind: str, place: tuple[str, str], alias: str, is_guess: bool) -> Proposed:
    """A column of the source, table and name, as an expression of a type."""
    plain = f"{alias}.{shape.spelt(place[1])}"
    sql = shape.reading(*place, kind).format(plain)
    share = shape.zoned(*place) if kind == "timestamp" else 0.0
    note = "times without an offset are of which place?" if 0 < share < 1 else ""
    return Proposed(sql, is_guess or sql != plain, note, share == 1)


def _kind(table: RawTable, name: str) -> str:
    return "double" if name.endswith("_minor") else table.columns[name].type


def _best(
    shape: Shape, table: RawTable, name: str, sources: tuple[str, ...]
) -> tuple[str, str, int]:
    """Table, column and distance of the likest name: the nearest table's, of ids the likest.

    An amount is taken from the first table only: of another one it would count once per row.
    What a party is said to be is no fact of an event: from its table only ids come.
    """
    is_money = name.endswith("_minor")
    kind = _kind(table, name)
    matches = [
        (source, *match)
        for source in (sources[:1] if is_money else sources)
        if source == sources[0] or name.endswith("_id") or not _is_party(shape, source)
        if (match := column_of(table.name, name, shape.tables[source]))
        and shape.reading(source, match[0], kind)
    ]
    if name.endswith("_id") and name not in table.key:
        matches.sort(key=lambda match: match[2])
    return matches[0] if matches else ("", "", 0)


def _is_party(shape: Shape, source: str) -> bool:
    parties = (name for name in CORE if name != "orders")
    return any(is_table(shape.bare[source], name) for name in parties)


def _reach(shape: Shape, start: str) -> dict[str, tuple[str, str]]:
    """Tables that a table leads to, nearest first, each with the table and column that do."""
    joins: dict[str, tuple[str, str]] = {}
    edge = [start]
    for _ in range(FURTHEST):
        nearer, edge = edge, []
        for owner, other in product(nearer, shape.tables):
            if other == start or other in joins:
                continue
            shared = [one for one in shape.tables[owner] if one in shape.tables[other]]
            keys = (one for one in shared if one.lower().endswith(KEY_ENDINGS))
            if key := next((one for one in keys if shape.is_unique(other, one)), None):
                joins[other] = (owner, key)
                edge.append(other)
    return joins


def _way(table: str, joins: dict[str, tuple[str, str]]) -> set[str]:
    """A table and those that lead to it."""
    way = set()
    while table in joins:
        way.add(table)
        table = joins[table][0]
    return way


def _make_key_unique(shape: Shape, made: TableProposal, alias: str) -> None:
    """Where the key repeats, put the column beside it that tells its rows apart."""
    key = made.table.key[0]
    mine = column_of(made.table.name, key, shape.tables[made.start])
    if len(made.table.key) > 1 or not mine or key not in made.columns:
        made.is_key_unique = key in made.columns
        return
    column = mine[0]
    made.is_key_unique = shape.is_unique(made.start, column)
    if made.is_key_unique or made.table.name != "orders":
        return
    likely = [
        other
        for other in shape.tables[made.start]
        if other != column and set(words(other)) & set(KEY_WORDS)
    ]
    for other in likely:
        if shape.is_unique(made.start, column, other):
            made.line = (shape.spelt(column), shape.spelt(other))
            whole = f"{alias}.{made.line[0]}"
            made.columns[key] = Proposed(f"{whole} || '-' || {alias}.{made.line[1]}", True, _LINE)
            if "checkout_id" in made.table.columns:
                made.columns["checkout_id"] = Proposed(whole, True, "what was bought at once")
            return
    made.columns[key] = replace(
        made.columns[key], is_guess=True, note=f"{column} repeats: what tells its rows apart?"
    )


_LINE = "an order is a line: this one repeats"


def _name_line(shape: Shape, one: TableProposal, orders: TableProposal) -> None:
    """A row of an order stands at the first of its lines, or at its own."""
    whole, number = orders.line or ("", "")
    if one.start == orders.start:
        one.columns["order_id"] = orders.columns["order_id"]
        return
    lines = (
        f"(select {whole} as order_key, min({number}) as line_key "
        f"from {shape.spelt(orders.start)} group by all)"
    )
    one.relation += f"\n    join {lines} as line on line.order_key = {one.columns['order_id'].sql}"
    sql = "line.order_key || '-' || line.line_key"
    one.columns["order_id"] = Proposed(sql, True, "the first line of its order")


def _from_orders(
    table: RawTable, orders: TableProposal, own: TableProposal | None
) -> TableProposal | None:
    """A core table made of the distinct ids that orders name."""
    key = table.key[0]
    needed = ["merchant_id", key] if table.name == "products" else [key]
    if not all(name in orders.columns for name in needed):
        return own
    ids = {name: orders.columns[name].sql for name in needed}
    selected = ", ".join(f"{sql} as {name}" for name, sql in ids.items())
    rows = f"(select distinct {selected} from {orders.relation} where {ids[key]} is not null)"
    made = TableProposal(table, orders.start, f"{rows} as ids", is_key_unique=True)
    if own and own.is_key_unique and key in own.columns:
        made.start = own.start
        made.relation += (
            f"\n    left join {own.relation}\n    on {own.columns[key].sql} = ids.{key}"
        )
        made.columns = dict(own.columns)
    made.columns[key] = Proposed(f"ids.{key}", True, "as orders name them")
    if table.name == "products":
        made.columns[key] = Proposed("ids.merchant_id || '-' || ids.product_id", True, _LISTING)
        made.columns["merchant_id"] = Proposed("ids.merchant_id", True)
        sql = f"{ids['merchant_id']} || '-' || {ids['product_id']}"
        orders.columns["product_id"] = Proposed(sql, True, _LISTING)
    return made


_LISTING = "a listing is a product of a shop"
