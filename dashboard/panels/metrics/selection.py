"""What the address of the Metrics page selects: a metric, a slice, two periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, scope
from dashboard.components.unavailable import known_kpis
from dashboard.store import has_table, read
from dashboard.view_models.clocks import Clocks
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

    @property
    def filters(self) -> list[str]:
        """The slice as `dimension=value`, market scope apart."""
        return [f"{name}={value}" for name, values in self.slices.items() for value in values]

    @property
    def question(self) -> tuple[str, ...]:
        """Everything that an answer depends on beside its metric and the build."""
        return (f"{self.compared}", *self.filters, "markets:", *self.markets)

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
        rows = self.choices.filter(pl.col("dimension") == dimension)
        if dimension == "market":
            seen = scope.markets(rows["choice"].to_list())
            rows = rows.filter(pl.col("choice").is_in(seen))
        return rows.sort(["orders", "choice"], descending=[True, False])["choice"].to_list()


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
    )
    refused = [*address.refused("metric", known), *address.refused("split", DIMENSIONS)]
    for name in slices:
        refused += address.refused(name, selection.options(name))
    return selection, [*refused, *problems]


def _chosen(dimension: str, choices: pl.DataFrame) -> tuple[str, ...]:
    known = set(choices.filter(pl.col("dimension") == dimension)["choice"])
    return tuple(value for value in address.items(dimension) if value in known)


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
