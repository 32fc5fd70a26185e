"""Announced changes, and the rates that they are asked about, from the tables of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.noticing.event_studies import LASTING, Announced
from queries.registry import kpis

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from queries.registry import Kpi

_RATES = ("rate", "bps")
"""Units of a share of orders; a share of money moves with a few large orders."""


def announced(con: duckdb.DuckDBPyConnection, first: date, last: date) -> list[Announced]:
    """Policies and releases of one market that began on these local days."""
    events = queries.run(con, "pages/metrics/calendar", since=first, until=last, markets=[])
    lasting = events.filter(
        pl.col("kind").is_in(LASTING), pl.col("market").is_not_null(), pl.col("start_day") > first
    )
    columns = ("event_id", "kind", "title", "market", "start_day")
    return [Announced(*row) for row in lasting.select(columns).iter_rows()]


def asked() -> dict[str, Kpi]:
    """Shares of orders that rest on no verdict: a change of rules is not known by its verdicts."""
    return {
        code: kpi
        for code, kpi in kpis().items()
        if kpi.is_of_cube and kpi.unit in _RATES and not kpi.labels and not kpi.is_of_money
    }


def rates(
    con: duckdb.DuckDBPyConnection,
    first: date,
    last: date,
    usable: Mapping[tuple[int, bool], pl.DataFrame],
) -> dict[str, pl.DataFrame]:
    """By metric, of orders without a ring: market, day, numerator, denominator of usable days."""
    made = {}
    for code, kpi in asked().items():
        rows = queries.run(
            con,
            "pages/metrics/movement_days",
            numerator=kpi.numerator,
            denominator=kpi.denominator or "",
            filters=[],
            since=first,
            until=last,
        )
        days = usable[kpi.maturity_days, kpi.labels]
        made[code] = (
            rows.filter(~pl.col("is_ring"))
            .join(days, on=("market", "day"))
            .select("market", "day", "numerator", "denominator")
        )
    return made
