"""The noticing stage: what moved, in which slice, since when, and how surely.

A thousand slices of twenty metrics on every day make chance findings certain, so what is named has
passed three sieves: a rate of false discoveries, a size that matters, and what a larger movement
explains already. How often it is wrong is measured: docs/decisions/0118-noticing.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import queries
from pipeline.noticing.announced import announced, rates
from pipeline.noticing.bands import SCHEMA as BANDS
from pipeline.noticing.bands import bands
from pipeline.noticing.event_studies import EVENT_STUDIES, event_studies
from pipeline.noticing.explained import BEHIND, CAUSES, explained
from pipeline.noticing.movements import movements
from pipeline.noticing.panel import KEY, About, columns_of, panel, stacked
from pipeline.noticing.scan import scan
from pipeline.noticing.season import PlannedEvent, days_of, season
from pipeline.tables import query, store
from queries.registry import LEAST_N, children, kpis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import duckdb

    from pipeline.noticing.movements import Movement
    from pipeline.noticing.panel import Panel
    from pipeline.noticing.scan import Scan
    from pipeline.settings.build import Settings
    from pipeline.settings.noticing import NoticingSettings
    from queries.registry import Kpi

MOVEMENTS = {
    "movement_id": pl.String,
    "metric": pl.String,
    "kind": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "noticed_on": pl.Date,
    **dict.fromkeys(KEY, pl.String),
    "n": pl.Int64,
    **dict.fromkeys(("actual", "expected", "low", "high", "change"), pl.Float64),
    **dict.fromkeys(("p_value", "q_value"), pl.Float64),
    "direction": pl.String,
    "rank": pl.Int64,
}
"""Columns of `noticing.movements`."""
BUDGET = {"metric": pl.String, "comparisons": pl.Int64, "false_alarms_a_week": pl.Float64}
"""Columns of `noticing.budget`."""
_PLANNED = ("campaign", "holiday")
"""Kinds of events that come by the calendar, so that what they usually do is no surprise."""


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make every table of schema `noticing`. Raises StageError when the metrics are missing."""
    own = settings.noticing
    span = query(con, "select min(day) as first, max(day) as last from metrics.groupings").row(0)
    usable = _usable(con) if span[0] is not None else {}
    every = _panels(con, own, span, usable)
    tables = {
        "movements": pl.DataFrame(schema=MOVEMENTS),
        "bands": pl.DataFrame(schema=BANDS),
        "budget": pl.DataFrame(schema=BUDGET),
        "causes": pl.DataFrame(schema=CAUSES),
        "behind": pl.DataFrame(schema=BEHIND),
        "event_studies": pl.DataFrame(schema=EVENT_STUDIES),
    }
    if every:
        planned = _planned(con)
        factors = np.concatenate([season(one, planned) for one in every])
        compared = scan(stacked(every), factors, own)
        moved = [(f"mov_{n:04d}", one) for n, one in enumerate(movements(compared, own), 1)]
        tables["movements"] = _movement_rows(moved)
        tables["causes"], tables["behind"] = explained(con, moved, own)
        tables["bands"] = bands(compared)
        tables["budget"] = _budget_rows(compared, own)
        first, last = span
        changes = announced(con, first, last)
        daily = rates(con, first, last, usable) if changes else {}
        tables["event_studies"] = event_studies(changes, daily, own)
    for name, frame in tables.items():
        on_progress(f"noticing.{name}", store(con, f"noticing.{name}", frame))


def _panels(
    con: duckdb.DuckDBPyConnection,
    settings: NoticingSettings,
    span: tuple[date | None, date | None],
    usable: Mapping[tuple[int, bool], pl.DataFrame],
) -> list[Panel]:
    """Each metric over the days that the data hold; none where no order was delivered."""
    first, last = span
    if first is None or last is None:
        return []
    days = days_of(first, last)
    return [
        panel(_about(kpi, settings), query(con, f"select * from {kpi.table}"), days, usable[rule])
        for kpi, rule in ((kpi, (kpi.maturity_days, kpi.labels)) for kpi in kpis().values())
        if kpi.window == "day" and kpi.code not in settings.left_out
    ]


def _about(kpi: Kpi, settings: NoticingSettings) -> About:
    """Leading counts of their own events are few: fewer of them are a sign than of orders."""
    is_rare = kpi.leading and not kpi.is_of_cube
    return About(
        metric=kpi.code,
        is_ratio=not kpi.is_additive,
        good=kpi.good,
        is_leading=kpi.leading,
        maturity_days=kpi.maturity_days,
        least_rows=settings.least_leading_rows if is_rare else LEAST_N,
        follows=tuple(one.code for one in children(kpi.code) if one.is_additive == kpi.is_additive)
        if kpi.is_additive
        else (),
    )


def _usable(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, bool], pl.DataFrame]:
    """`market, day` of the days that may be read, by how long a metric waits and for what."""
    sold = "select market from metrics.clocks where has_orders order by market"
    markets = query(con, sold)["market"].to_list()
    rules = {(kpi.maturity_days, kpi.labels) for kpi in kpis().values()}
    return {
        rule: pl.concat(
            queries.run(
                con,
                "pages/metrics/mature_days",
                markets=[market],
                maturity_days=rule[0],
                labels=rule[1],
            ).select(market=pl.lit(market), day="day")
            for market in markets
        )
        for rule in rules
    }


def _planned(con: duckdb.DuckDBPyConnection) -> list[PlannedEvent]:
    events = query(
        con, "select * from metrics.events where list_contains($kinds, kind)", kinds=list(_PLANNED)
    )
    return [
        PlannedEvent(title, market, starts_at.date(), ends_at.date())
        for title, market, starts_at, ends_at in events.select(
            "title", "market", "starts_at", "ends_at"
        ).iter_rows()
    ]


def _movement_rows(moved: Sequence[tuple[str, Movement]]) -> pl.DataFrame:
    rows = [
        (
            key,
            *(one.metric, one.kind, one.first_day, one.last_day, one.noticed_on),
            *columns_of(one.slice),
            *(round(one.n), one.actual, one.expected, one.low, one.high, one.change),
            *(one.p, one.q, one.direction, rank),
        )
        for rank, (key, one) in enumerate(moved, 1)
    ]
    return pl.DataFrame(rows, schema=MOVEMENTS, orient="row")


def _budget_rows(compared: Scan, settings: NoticingSettings) -> pl.DataFrame:
    """Comparisons a week of each metric, and its share of the false alarms that were measured."""
    panel = compared.baseline.panel
    weekly = compared.asked.sum(axis=1) * 7.0 / np.maximum((compared.asked > 0).sum(axis=1), 1)
    share = weekly / max(float(weekly.sum()), 1.0)
    rows = [
        (about.metric, round(float(own)), settings.false_alarms_a_week * float(part))
        for about, own, part in zip(panel.about, weekly, share, strict=True)
    ]
    return pl.DataFrame(rows, schema=BUDGET, orient="row")
