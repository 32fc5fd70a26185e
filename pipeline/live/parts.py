"""The part of a table that a change of rows can reach, where its SQL says which part that is.

Most tables are made anew when something that they read has changed. These are the dear ones of
which a batch reaches a few rows: those of its orders, of its buyers, or of its days and later.
The same SQL makes the part, reading those rows of its source alone that the part is made of.
What went and what came of a source stands in `changed.<table>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS, ATTEMPTS, ORDER_FACTS = "staging.orders", "staging.order_attempts", "facts.order_facts"
_IDENTIFIERS = ("device_id", "address_id", "payment_token_id")


@dataclass(frozen=True)
class Part:
    """Rows of a table, as SQL conditions; `before` are tables of `parts` that these ask."""

    rows: str
    """Which rows of the table a change can reach."""
    sources: Mapping[str, str]
    """Which rows of a source these are made of; the other sources are read whole."""
    covers: frozenset[str]
    """The sources that may have changed; after a change of another one the table is made anew."""
    before: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    counts_all: bool = False
    """Whether rows count others: if the part has any, the table is made anew."""


def _of_orders(*, counts_all: bool = False) -> Part:
    """A table whose rows are of one order each."""
    rows = "order_id in (select order_id from changed.orders)"
    return Part(rows, {ORDERS: rows}, frozenset({ORDERS}), counts_all=counts_all)


def _of_buyers() -> Part:
    """A table whose rows are of one buyer each."""
    rows = "buyer_id in (select buyer_id from changed.order_facts)"
    return Part(rows, {ORDER_FACTS: rows}, frozenset({ORDER_FACTS}))


def _since(days_before: int, *covers: str) -> Part:
    """A table whose rows are of one day each, made of orders of at most so many days before."""
    first = "(select min(day) from changed.order_facts)"
    source = f"day >= {first} - {days_before}"
    return Part(f"day >= {first}", {ORDER_FACTS: source}, frozenset({ORDER_FACTS, *covers}))


def _any_identifier(table: str) -> str:
    return " or ".join(f"{one} in (select {one} from {table})" for one in _IDENTIFIERS)


def _order_facts() -> Part:
    """Orders with an identifier of a changed one: the accounts on it are counted."""
    before = {
        "same_identifiers": f"select order_id from {ATTEMPTS} "
        f"where {_any_identifier('changed.order_attempts')} "
        "union select order_id from changed.orders",
        "identifiers": f"select {', '.join(_IDENTIFIERS)} from {ATTEMPTS} "
        "where order_id in (from parts.same_identifiers)",
    }
    rows = "order_id in (from parts.same_identifiers)"
    sources = {ORDERS: rows, ATTEMPTS: _any_identifier("parts.identifiers")}
    return Part(rows, sources, frozenset({ORDERS, ATTEMPTS}), before)


def _burst_days() -> Part:
    """Days from the first changed one, with the last before it for the gap between two orders.

    Who has enough orders for the first time gets all days, who has not any more loses them.
    """
    first = "(select min(day) from changed.order_facts)"
    enough = "from days.order_days group by all having sum(orders) >= 10"
    before = {
        "enough_orders": f"select entity_type, entity_id, entity_key {enough}",
        "first_bursts": "from parts.enough_orders where entity_key not in "
        "(select entity_key from days.burst_days)",
        "days_before": " union ".join(
            f"select '{one}' as entity_type, {one}_id as entity_id, max(day) as day "
            f"from {ORDER_FACTS} where day < {first} group by {one}_id"
            for one in ("merchant", "creator")
        ),
    }
    joins = [
        f"select f.order_id from {ORDER_FACTS} as f inner join parts.{table} as p "
        f"on p.entity_type = '{one}' and f.{one}_id = p.entity_id{and_day}"
        for table, and_day, kinds in (
            ("days_before", " and f.day = p.day", ("merchant", "creator")),
            ("first_bursts", "", ("merchant", "creator", "product")),
        )
        for one in kinds
    ]
    before["burst_orders"] = " union all ".join(
        (f"select order_id from {ORDER_FACTS} where day >= {first}", *joins)
    )
    rows = (
        f"day >= {first} or entity_key in (select entity_key from parts.first_bursts) "
        "or entity_key not in (select entity_key from parts.enough_orders)"
    )
    covers = frozenset({ORDER_FACTS, "days.order_days"})
    return Part(rows, {ORDER_FACTS: "order_id in (from parts.burst_orders)"}, covers, before)


def _links() -> Part:
    buyers = "(select buyer_id from changed.order_attempts)"
    return Part(
        f"entity_type = 'buyer' and entity_id in {buyers}",
        {ATTEMPTS: f"buyer_id in {buyers}"},
        frozenset({ATTEMPTS}),
    )


def _session_orders() -> Part:
    rows = (
        "order_id in (select order_id from changed.order_facts "
        "union all select order_id from changed.orders)"
    )
    return Part(rows, {ORDER_FACTS: rows, ORDERS: rows}, frozenset({ORDER_FACTS, ORDERS}))


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        ORDER_FACTS: _order_facts(),
        "facts.delivery_facts": _of_orders(),
        "facts.review_facts": _of_orders(),
        "facts.trouble_facts": _of_orders(),
        "facts.promotion_facts": _of_orders(),
        "facts.takeover_facts": _of_orders(),
        "facts.refund_facts": _of_orders(counts_all=True),
        "facts.review_text_facts": _of_orders(counts_all=True),
        "facts.session_orders": _session_orders(),
        "facts.buyer_hours": _of_buyers(),
        "facts.busy_hours": _since(0, "facts.buyer_hours"),
        "days.order_days": _since(0),
        "days.burst_days": _burst_days(),
        "days.repeat_orders": _since(30),
        "windows.buyer_rhythms": _of_buyers(),
        "graph.links": _links(),
    }
)
"""By table; each is held against the whole table in `tests/laws/test_live_lane.py`."""
