"""Notes on a column whose values are each possible, and in another unit than those beside them.

No single row shows it: a listing of 4 USD is as legal as one of 400. The usual row does, for
a price and what orders took for a piece are the same figure, and so are two weights of one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.inputs.faults import EXAMPLES, Fault, Verdict, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.settings.inputs import InputSettings

_SOLD = "raw.orders as o join raw.products as p on o.product_id = p.product_id"


@dataclass(frozen=True)
class Comparison:
    """A column beside another that says the same of the same thing."""

    table: str
    column: str
    needs: tuple[str, ...]
    """Tables that it reads besides its own."""
    rows: str
    """SQL of a relation; the rows that lack either figure count for nothing."""
    key: str
    group: str
    """SQL of what has a unit of its own."""
    numerator: str
    denominator: str
    found: str
    """Said with the group and how many times the usual row is too large or small."""
    remedy: str


COMPARISONS = (
    Comparison(
        "products",
        "price_minor",
        ("orders",),
        f"{_SOLD} and o.currency = p.currency",
        "p.product_id",
        "p.currency",
        "o.items_minor",
        "o.quantity * p.price_minor",
        "orders in {group} usually took {times:,.4g} times this price for a piece",
        "Deliver prices in whole minor units, and items as price times quantity.",
    ),
    Comparison(
        "shipments",
        "weight_grams",
        ("orders", "products"),
        f"{_SOLD} join raw.shipments as s on s.order_id = o.order_id",
        "s.shipment_id",
        "''",
        "s.weight_grams",
        "o.quantity * p.weight_grams",
        "parcels usually weigh {times:,.4g} times what products.weight_grams declares",
        "Deliver grams in both.",
    ),
    Comparison(
        "refunds",
        "return_weight_grams",
        ("orders", "products"),
        f"{_SOLD} join raw.refunds as r on r.order_id = o.order_id",
        "r.refund_id",
        "''",
        "r.return_weight_grams",
        "o.quantity * p.weight_grams",
        "returned parcels usually weigh {times:,.4g} times what products.weight_grams declares",
        "Deliver grams in both.",
    ),
)


def unit_notes(
    con: duckdb.DuckDBPyConnection, comparison: Comparison, file: str, settings: InputSettings
) -> Iterator[Fault]:
    """A note for each group whose usual row is out by `settings.unit_times` and more."""
    one = comparison
    measured = f"{one.numerator} > 0 and {one.denominator} > 0"
    sql = (
        f"select {one.group}, count(distinct {one.key}), min(distinct {one.key}, {EXAMPLES}), "
        f"median({one.numerator} / ({one.denominator})) as times from {one.rows} "
        f"where {measured} group by 1 having count(*) >= {settings.unit_rows} "
        f"and (times >= {settings.unit_times} or times <= {1 / settings.unit_times}) order by 1"
    )
    for group, count, keys, times in con.execute(sql).fetchall():
        yield Fault(
            file,
            one.column,
            int(count),
            one.found.format(group=group, times=times),
            one.remedy,
            "One of them is in another unit.",
            tuple(shown(str(key)) for key in keys),
            verdict=Verdict.NOTE,
        )
