"""What the address of the Metrics page selects: a metric, a slice, two periods."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, scope
from dashboard.components.unavailable import known_kpis
from dashboard.store import has_table, read
from dashboard.view_models.clocks import Clocks
from dashboard.view_models.metric_words import slice_label
from dashboard.view_models.periods import Compared, Period
from queries.registry import DIMENSIONS, Kpi, kpis

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_DAYS = 7
SHOWN_DAYS = 56
"""Of a line, unless the days compared reach further back."""
KEPT_ANSWERS = 64
"""Questions whose answers are kept, of each kind."""
FIRST = "gmv_usd"
"""The metric of an address that names none."""
SPANS = ("since", "until", "before_since", "before_until")


@dataclass(frozen=True)
class Selection:
    """What the address selects, as far as the data hold it."""

    kpi: Kpi
    split: str
    """A dimension, or '' for one line."""
    compared: Compared
    slices: Mapping[str, tuple[str, ...]]
    """The values chosen by dimension, in the order of drilling down."""
    clocks: Clocks
    choices: pl.DataFrame
    """Every value of every dimension: dimension, choice, orders."""
    against: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by dimension in which a slice to compare with differs; empty = none is chosen."""

    @property
    def other(self) -> Selection | None:
        """The slice that is compared with, over the same days."""
        if not self.against:
            return None
        slices = {**self.slices, **self.against}
        return replace(self, slices=slices, against={})

    @property
    def sides(self) -> tuple[str, str]:
        """What this slice and the one it is compared with are called."""
        own = {name: self.slices.get(name, ()) for name in self.against}
        return self._named(own), self._named(self.against)

    def _named(self, values: Mapping[str, tuple[str, ...]]) -> str:
        named = []
        for name, chosen in values.items():
            rest = set(self.options(name)) - set(self.slices.get(name, ()))
            is_rest = bool(self.slices.get(name)) and set(chosen) == rest and len(rest) > 1
            words = ", ".join(slice_label(one) for one in chosen)
            named.append("everything else" if is_rest else words or "all orders")
        return " · ".join(dict.fromkeys(named))

    @property
    def filters(self) -> list[str]:
        """The slice as `dimension=value`, market scope apart."""
        return [f"{name}={value}" for name, values in self.slices.items() for value in values]

    @property
    def question(self) -> tuple[str, ...]:
        """Everything that an answer depends on beside its metric and the build."""
        return (f"{self.compared}", *self.filters, "markets:", *self.markets)

    @property
    def compared_slices(self) -> tuple[str, ...]:
        """`question`, and the slice that is compared with."""
        against = [f"{name}={value}" for name, values in self.against.items() for value in values]
        return (*self.question, "against:", *against)

    @property
    def markets(self) -> list[str]:
        """The markets to read: those chosen that this viewer sees."""
        return scope.markets(list(self.slices.get("market", ())))

    @property
    def of_subjects(self) -> dict[str, Any]:
        """The parameters of queries that count subjects, which have a market and a category."""
        now = self.compared.now
        categories = list(self.slices.get("category", ()))
        days = {"since": now.since, "until": now.until}
        return {**days, "markets": self.markets, "categories": categories}

    @property
    def shown(self) -> Period:
        """The days that lines show."""
        first = self.compared.now.until - timedelta(days=SHOWN_DAYS - 1)
        since = max(self.clocks.first_whole_day, min(self.compared.before.since, first))
        return Period(since, self.clocks.last_whole_day)

    def options(self, dimension: str) -> list[str]:
        """The values of a dimension, in this viewer's markets, the most orders first."""
        own = self._options.get(dimension, [])
        if dimension != "market":
            return own
        seen = set(scope.markets(own))
        return [one for one in own if one in seen]

    @cached_property
    def _options(self) -> dict[str, list[str]]:
        """Every value by dimension, the most orders first."""
        values: dict[str, list[str]] = {}
        ranked = self.choices.sort(["orders", "choice"], descending=[True, False])
        for dimension, choice in ranked.select("dimension", "choice").iter_rows():
            values.setdefault(dimension, []).append(choice)
        return values


def metrics_of() -> dict[str, Kpi]:
    """The metrics that this build can answer, and whose facts were delivered."""
    known = known_kpis(kpis().values())
    return {kpi.code: kpi for kpi in known if kpi.is_of_cube or has_table(kpi.table)}


def selection_of(choices: pl.DataFrame) -> tuple[Selection, list[str]]:
    """What the address selects, and a sentence for each part of it that is ignored."""
    known = metrics_of()
    slices = {name: _chosen(name, choices) for name in st.query_params if name in DIMENSIONS}
    clocks = Clocks.of(read("pages/metrics/clocks", markets=list(slices.get("market", ()))))
    compared, problems = _compared(clocks)
    code = st.query_params.get("metric", "")
    split = st.query_params.get("split", "")
    selection = Selection(
        kpi=known.get(code) or known.get(FIRST) or next(iter(known.values())),
        split=split if split in DIMENSIONS else "",
        compared=compared,
        slices={name: values for name, values in slices.items() if values},
        clocks=clocks,
        choices=choices,
        against=_against(choices),
    )
    refused = [*address.refused("metric", known), *address.refused("split", DIMENSIONS)]
    for name in slices:
        refused += address.refused(name, selection.options(name))
    return selection, [*refused, *problems]


def _chosen(dimension: str, choices: pl.DataFrame) -> tuple[str, ...]:
    known = set(choices.filter(pl.col("dimension") == dimension)["choice"])
    return tuple(value for value in address.items(dimension) if value in known)


def _against(choices: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """The values of the slice to compare with, as `dimension=value` in the address."""
    chosen: dict[str, tuple[str, ...]] = {}
    for part in address.items("vs"):
        name, _, value = part.partition("=")
        known = choices.filter(pl.col("dimension") == name, pl.col("choice") == value)
        if name in DIMENSIONS and known.height:
            chosen[name] = (*chosen.get(name, ()), value)
    return chosen


def _compared(clocks: Clocks) -> tuple[Compared, list[str]]:
    """The periods of the address, else the last week against the one before."""
    first, last = clocks.first_whole_day, clocks.last_whole_day
    length = min(DEFAULT_DAYS, max(((last - first).days + 1) // 2, 1))
    usual = Period(last - timedelta(days=length - 1), last)
    days = {name: _day(name) for name in SPANS}
    now, problems = usual, []
    if st.query_params.get("since") or st.query_params.get("until"):
        asked = _within(days["since"], days["until"], (first, last))
        now = asked or usual
        problems += [] if asked else [_outside(first, last)]
    before = None
    if st.query_params.get("before_since") or st.query_params.get("before_until"):
        before = _within(days["before_since"], days["before_until"], (first, last))
        problems += [] if before or problems else [_outside(first, last)]
    return Compared.of(now, before), problems


def _outside(first: date, last: date) -> str:
    return f"The link's days are not within {first} to {last}; they were ignored."


def _within(since: date | None, until: date | None, ends: tuple[date, date]) -> Period | None:
    if since is None or until is None or not ends[0] <= since <= until <= ends[1]:
        return None
    return Period(since, until)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None
