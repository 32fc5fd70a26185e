"""Notes on a column whose values are each possible, and in another unit than those beside them.

No single row shows it: a listing of 4 USD is as legal as one of 400. The usual row does, for
a price and what orders took for a piece are the same figure, and so are two weights of one thing.
Times have nothing beside them, but a bound: nobody usually looks at a listing for hours.
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
    reason: str = "One of them is in another unit."
    most: float | None = None
    """Of a bound: how many times it the usual row may be; far less is no fault then."""


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
    Comparison(
        "orders",
        "view_seconds",
        (),
        "raw.orders as o",
        "o.order_id",
        "''",
        "o.view_seconds",
        "3600.0",
        "the usual time on a listing before an order is {times:,.4g} hours",
        "Deliver seconds.",
        "It may be in milliseconds.",
        most=1.0,
    ),
    Comparison(
        "orders",
        "click_to_order_seconds",
        (),
        "raw.orders as o",
        "o.order_id",
        "''",
        "o.click_to_order_seconds",
        "3600.0",
        "the usual order comes {times:,.4g} hours after its last click",
        "Deliver seconds.",
        "It may be in milliseconds.",
        most=12.0,
    ),
    Comparison(
        "live_sessions",
        "watch_seconds_mean",
        (),
        "raw.live_sessions as l",
        "l.live_session_id",
        "''",
        "l.watch_seconds_mean",
        "date_diff('second', l.started_at, l.ended_at)",
        "viewers usually stay {times:,.4g} times as long as the room runs",
        "Deliver seconds.",
        "It may be in milliseconds.",
        most=1.0,
    ),
)


def unit_notes(
    con: duckdb.DuckDBPyConnection, comparison: Comparison, file: str, settings: InputSettings
) -> Iterator[Fault]:
    """A note for each group whose usual row is out by `settings.unit_times`, or above a bound."""
    one = comparison
    high, low = (
        (settings.unit_times, 1 / settings.unit_times) if one.most is None else (one.most, 0.0)
    )
    rows = f"{one.rows} where {one.numerator} > 0 and {one.denominator} > 0"
    usual = (
        f"select {one.group} as unit, median({one.numerator} / ({one.denominator})) as times "
        f"from {rows} group by 1 having count(*) >= {settings.unit_rows} "
        f"and (times >= {high} or times <= {low}) order by 1"
    )
    keys_of = (
        f"select count(distinct {one.key}), min(distinct {one.key}, {EXAMPLES}) "
        f"from {rows} and {one.group} is not distinct from $unit"
    )
    for unit, times in con.execute(usual).fetchall():
        count, keys = con.execute(keys_of, {"unit": unit}).fetchall()[0]
        yield Fault(
            file,
            one.column,
            int(count),
            one.found.format(group=unit, times=times),
            one.remedy,
            one.reason,
            tuple(shown(str(key)) for key in keys),
            verdict=Verdict.NOTE,
        )
