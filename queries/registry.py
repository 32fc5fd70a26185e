"""The metrics of the marketplace: one SQL file each, found by being there.

A file `kpis/<code>.sql` builds `kpis.<code>`, a row a day and grouping of at most two dimensions,
and says in its header what the metric is. Nothing else lists them: a file added is a metric added.

    label          as people read it
    unit           count | usd | rate | ratio | bps | days | hours
    numerator      a sum of metrics.cube, else `own`
    denominator    a sum of metrics.cube, `own`, or `none`: the numerator is the metric
    cohort         of whom it speaks, and on which day they count
    maturity_days  days after which a day is complete; younger ones are compared with nothing
    window         `day`: days add up. `stock`: what there is at the end of a day
    owner          who answers for it
    good           up | down | none: which way is better
    guard_rail     metrics that must not get worse for this one's sake, or `none`
    parent         the metric it explains in the tree, or `none`: it is the root
    leading        true: moves before those that wait for labels
    labels         true: rests on verdicts, so a gap in the feed of labels leaves a hole
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import queries
from queries.header import METRIC_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "kpis"
LEAST_N = 30
"""A value of fewer is suppressed, and said to be: docs/decisions/0112-metrics-as-files.md."""
UNITS = ("count", "usd", "rate", "ratio", "bps", "days", "hours")
GOOD = ("up", "down", "none")
WINDOWS = ("day", "stock")
OWN, NONE = "own", "none"
DIMENSIONS = (
    *("market", "category", "channel", "merchant_tier", "buyer_age", "payment_method"),
    "creator_tier",
)
"""What metrics.cube is sliced by, beside the day."""
METRIC_TABLES = {
    "metrics/cube": None,
    **{f"metrics/{one}_days": one for one in ("merchant", "creator", "product", "buyer")},
}
"""Tables of daily sums, and of which entity type each is; None = of the whole marketplace."""


@dataclass(frozen=True)
class Kpi:
    """One metric as its file states it."""

    code: str
    label: str
    definition: str
    unit: str
    numerator: str
    denominator: str | None
    """None where the numerator is the metric and adds up."""
    cohort: str
    maturity_days: int
    window: str
    owner: str
    good: str
    guard_rail: tuple[str, ...]
    parent: str | None
    leading: bool
    labels: bool
    sql: str

    @property
    def table(self) -> str:
        """`kpis.<code>`."""
        return f"{SCHEMA}.{self.code}"

    @property
    def is_additive(self) -> bool:
        """Whether slices and days add up, so that it moves by a share of what it was."""
        return self.denominator is None

    @property
    def counted(self) -> str:
        """The sum of metrics.cube that the rule of 30 counts: of a share of orders, these."""
        share = self.denominator if self.is_of_cube else None
        return share if share and not share.endswith("_usd") else "orders"

    @property
    def is_of_money(self) -> bool:
        """Whether its numerator is money: how far it scatters is a matter of a few large orders."""
        return self.numerator.endswith("_usd")

    @property
    def is_of_cube(self) -> bool:
        """Whether sums of metrics.cube give it, so that any filter can be asked."""
        return self.numerator != OWN


def kpis() -> Mapping[str, Kpi]:
    """Every metric by its code, alphabetical.

    Raises QueryError naming the file and the key for a header that breaks the contract.
    """
    return _kpis(queries.ROOT)


@cache
def _kpis(_root: object) -> Mapping[str, Kpi]:
    made = {name.partition("/")[2]: _kpi(name) for name in queries.names(f"{SCHEMA}/")}
    for one in made.values():
        for key, codes in (("guard_rail", one.guard_rail), ("parent", (one.parent,))):
            unknown = [code for code in codes if code is not None and code not in made]
            if unknown:
                raise _fault(one.code, f"{key} names {unknown[0]!r}", f"one of {', '.join(made)}")
    return MappingProxyType(made)


def roots() -> tuple[Kpi, ...]:
    """The metrics that explain no other: the tops of the tree."""
    return tuple(one for one in kpis().values() if one.parent is None)


def children(code: str) -> tuple[Kpi, ...]:
    """The metrics that explain the metric `code`."""
    return tuple(one for one in kpis().values() if one.parent == code)


def _kpi(name: str) -> Kpi:
    query, code = queries.get(name), name.partition("/")[2]
    stated = query.registered
    for key in METRIC_KEYS:
        if not stated.get(key):
            raise _fault(code, f"there is no {key}", f"a line `-- {key}: ...` in the header")
    days = stated["maturity_days"]
    if not days.isdecimal():
        raise _fault(code, f"maturity_days is {days!r}", "a whole number of days")
    return Kpi(
        code=code,
        label=stated["label"],
        definition=query.purpose,
        unit=_one_of(code, "unit", UNITS, stated),
        numerator=stated["numerator"],
        denominator=_optional(stated["denominator"]),
        cohort=stated["cohort"],
        maturity_days=int(days),
        window=_one_of(code, "window", WINDOWS, stated),
        owner=stated["owner"],
        good=_one_of(code, "good", GOOD, stated),
        guard_rail=() if stated["guard_rail"] == NONE else _listed(stated["guard_rail"]),
        parent=_optional(stated["parent"]),
        leading=_one_of(code, "leading", ("true", "false"), stated) == "true",
        labels=_one_of(code, "labels", ("true", "false"), stated) == "true",
        sql=query.sql,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _optional(text: str) -> str | None:
    return None if text == NONE else text


def _one_of(code: str, key: str, allowed: tuple[str, ...], stated: Mapping[str, str]) -> str:
    if stated[key] not in allowed:
        raise _fault(code, f"{key} is {stated[key]!r}", f"one of {', '.join(allowed)}")
    return stated[key]


def _fault(code: str, what: str, expected: str) -> queries.QueryError:
    return queries.QueryError(f"queries/{SCHEMA}/{code}.sql: {what}. Expected: {expected}.")
