"""Hold raw tables against the contract: name every fault, and part from the rows that have one.

A fault found here costs a sentence; found later it costs an analyst's trust. So each check
answers: which file, which column, how many rows and which, why it matters, what to do, and
whether the rest can be built without them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import duckdb

from pipeline.inputs import display_currency
from pipeline.inputs.clocks import Clock, clock_of
from pipeline.inputs.company_rules import unlikely_markets
from pipeline.inputs.faults import Fault, Verdict
from pipeline.inputs.odd_units import COMPARISONS, unit_notes
from pipeline.inputs.raw_views import Delivered, open_raw
from pipeline.inputs.rules import links
from pipeline.inputs.set_aside import SCHEMA
from pipeline.inputs.sorting import Company, Sorted, sort_rows
from pipeline.inputs.sources import Source
from pipeline.inputs.unmapped import refuse_unmapped
from pipeline.settings.inputs import InputSettings
from queries.contract import raw_tables

if TYPE_CHECKING:
    from pathlib import Path

_OURS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""Errors of our own SQL; any other is of the file: its head is whole and its body is not."""
AT_ONCE = 2
"""Tables looked at side by side: most are too small to keep two cores busy."""


@dataclass(frozen=True)
class Checked:
    """A delivery held against the contract; its views lack what is set aside."""

    faults: list[Fault]
    """Every fault and note, table by table in the order of the contract."""
    clock: Clock | None
    """Where its days end; None without an order that can be read."""
    tables: dict[str, Delivered] = field(default_factory=dict)
    """What can be read."""
    outcomes: dict[str, Sorted] = field(default_factory=dict)
    """What became of the rows of each table."""
    unpaid: str = ""
    """How many orders nobody paid, in a sentence; empty where each is paid."""

    @property
    def refusals(self) -> list[Fault]:
        """The faults for which nothing can be built."""
        return [fault for fault in self.faults if fault.verdict is Verdict.REFUSED]

    @property
    def reduced(self) -> list[Delivered]:
        """Tables that lack rows."""
        return [self.tables[name] for name, one in self.outcomes.items() if one.is_reduced]

    def summary(self) -> str:
        """How many rows are set aside and left out, in a sentence; empty where none is."""
        parts = []
        for what in ("set_aside", "left_out"):
            counts = {name: getattr(one, what) for name, one in self.outcomes.items()}
            named = [f"{count:,} of {name}" for name, count in counts.items() if count]
            if named:
                parts.append(f"{_LEAD[what]} {', '.join(named)}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Part:
    """Some tables of a delivery that come by themselves, and the clock of the whole."""

    names: tuple[str, ...]
    clock: Clock


_LEAD = {"set_aside": "Rows set aside:", "left_out": "Rows left out, after the day of the build:"}


def check(
    con: duckdb.DuckDBPyConnection, place: Path | str, settings: InputSettings | None = None
) -> list[Fault]:
    """Every fault and note of a source, table by table; empty when it passes."""
    return examine(con, place, settings).faults


def examine(
    con: duckdb.DuckDBPyConnection,
    place: Path | str | Source,
    settings: InputSettings | None = None,
    part: Part | None = None,
) -> Checked:
    """Sort the rows of every table of a source, or of a `part` of it.

    Of a part nobody asks whether the rows that it refers to are there.

    Raises InputError where there is none, or where its tables are called otherwise than ours.
    A fault of a mapped source speaks of its own files and columns.
    """
    settings = settings or InputSettings()
    delivery = open_raw(con, place, part.names if part else None)
    if delivery.faults and part is None and not isinstance(place, Source):
        refuse_unmapped(con, place, delivery.source)
    con.execute(f"create schema if not exists {SCHEMA}")
    tables = delivery.tables
    if part is not None:
        clock: Clock | None = part.clock
    else:
        clock = _clock(con, settings) if "orders" in tables else None
    outcomes: dict[str, Sorted] = {}
    owners: dict[str, Sorted] = outcomes if part is None else {}

    def sort(name: str) -> Sorted:
        with con.cursor() as own:
            try:
                return sort_rows(own, tables[name], Company(clock, settings, owners))
            except duckdb.Error as error:
                if isinstance(error, _OURS):
                    raise
                return Sorted([_damaged(tables[name].file, error)])

    sorter = TopologicalSorter(_owners(tables))
    sorter.prepare()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while sorter.is_active():
            ready = sorter.get_ready()
            outcomes |= dict(zip(ready, pool.map(sort, ready), strict=True))
            sorter.done(*ready)
    ordered = {name: outcomes[name] for name in raw_tables() if name in outcomes}
    faults = delivery.faults + [
        delivery.in_own_names(name, fault) for name, one in ordered.items() for fault in one.faults
    ]
    if clock and all(_is_whole(outcomes, name) for name in ("orders", "merchants")):
        odd = unlikely_markets(con, tables["orders"].file, settings)
        faults += [delivery.in_own_names("orders", fault) for fault in odd]
    for one in COMPARISONS:
        if all(_is_whole(outcomes, name) for name in (one.table, *one.needs)):
            odd = list(unit_notes(con, one, tables[one.table].file, settings))
            faults += [delivery.in_own_names(one.table, fault) for fault in odd]
    if all(_is_whole(outcomes, name) for name in ("orders", display_currency.TABLE)):
        odd = display_currency.currency_faults(con, tables[display_currency.TABLE])
        faults += [delivery.in_own_names(display_currency.TABLE, fault) for fault in odd]
    unpaid = _unpaid(con) if _is_whole(outcomes, "orders") else ""
    return Checked(faults, clock, tables, ordered, unpaid)


def _unpaid(con: duckdb.DuckDBPyConnection) -> str:
    sql = "select count(*) filter (where paid_at is null), count(*) from raw.orders"
    unpaid, orders = con.execute(sql).fetchall()[0]
    if not unpaid:
        return ""
    rest = "was never paid; it counts as an attempt" if unpaid == 1 else _ATTEMPTS
    return f"{unpaid:,} of {orders:,} orders {rest}."


_ATTEMPTS = "were never paid; they count as attempts"


def _clock(con: duckdb.DuckDBPyConnection, settings: InputSettings) -> Clock | None:
    try:
        return clock_of(con, settings)
    except duckdb.Error as error:
        if isinstance(error, _OURS):
            raise
        return None  # a damaged file, which is named when its rows are sorted


def _is_whole(outcomes: dict[str, Sorted], name: str) -> bool:
    """Whether a table can be read and refuses nothing."""
    faults = outcomes[name].faults if name in outcomes else None
    return faults is not None and all(fault.verdict is not Verdict.REFUSED for fault in faults)


def _damaged(file: str, error: duckdb.Error) -> Fault:
    found = f"cannot be read to its end ({str(error).splitlines()[0]})"
    return Fault(file, "", 0, found, "Write the file again: it is damaged or was cut short.")


def _owners(tables: dict[str, Delivered]) -> dict[str, set[str]]:
    """Which tables each table refers to."""
    return {
        name: {link.owner for link in links(delivered.table)} & tables.keys() - {name}
        for name, delivered in tables.items()
    }
