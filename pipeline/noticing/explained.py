"""What explains the movements of the last weeks, and who is behind them.

Those of metrics of the cube: what `pipeline.attribution` puts them down to, each beside its own
four weeks before. Earlier ones are rarely opened and the questions are a page's too
(`pages/metrics/movement_days`, `pages/metrics/behind`), so a build does not ask them again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.attribution.causes import Subject, causes
from pipeline.tables import query
from queries.registry import kpis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from pipeline.noticing.movements import Movement
    from pipeline.settings.noticing import NoticingSettings
    from queries.registry import Kpi

CAUSES = {
    **dict.fromkeys(("movement_id", "cause", "event_id", "title"), pl.String),
    "share": pl.Float64,
}
"""Columns of `noticing.causes`."""
BEHIND = {
    **dict.fromkeys(("movement_id", "entity_type", "entity_id", "ring_id", "typology"), pl.String),
    **dict.fromkeys(("change", "share"), pl.Float64),
}
"""Columns of `noticing.behind`."""
PARTIES = ("ring", "merchant")
"""Kinds of whoever may be behind."""


def explained(
    con: duckdb.DuckDBPyConnection,
    named: Sequence[tuple[str, Movement]],
    settings: NoticingSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`CAUSES` and `BEHIND` of the latest movements by id; of metrics not of the cube, none."""
    last = max((one.noticed_on for _, one in named), default=date.min)
    recent = timedelta(days=settings.explained_days)
    latest = [
        (key, one, kpis()[one.metric])
        for key, one in named
        if kpis()[one.metric].is_of_cube and last - one.noticed_on < recent
    ]
    events = query(con, "select * from metrics.events order by starts_at, event_id")
    put_down = [_causes(con, asked, events) for asked in latest]
    behind = [_behind(con, asked, party, settings) for asked in latest for party in PARTIES]
    return _joined(put_down, CAUSES), _joined(behind, BEHIND)


def _joined(parts: Iterable[pl.DataFrame], schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *(one.select(list(schema)) for one in parts)])


def _causes(
    con: duckdb.DuckDBPyConnection, asked: tuple[str, Movement, Kpi], events: pl.DataFrame
) -> pl.DataFrame:
    key, one, kpi = asked
    market = dict(one.slice).get("market")
    subject = Subject(
        one.metric, one.first_day, one.last_day, market, kpi.maturity_days, kpi.is_of_money
    )
    days = queries.run(
        con,
        "pages/metrics/movement_days",
        **_of_cube(one, kpi),
        since=subject.baseline[0],
        until=one.last_day,
    )
    return causes(subject, days, events).with_columns(movement_id=pl.lit(key))


def _behind(
    con: duckdb.DuckDBPyConnection,
    asked: tuple[str, Movement, Kpi],
    party: str,
    settings: NoticingSettings,
) -> pl.DataFrame:
    """The largest parts of one kind in the change."""
    key, one, kpi = asked
    subject = Subject(one.metric, one.first_day, one.last_day, None)
    before_since, before_until = subject.baseline
    rows = queries.run(
        con,
        "pages/metrics/behind",
        entity_type=party,
        **_of_cube(one, kpi),
        markets=[],
        since=one.first_day,
        until=one.last_day,
        before_since=before_since,
        before_until=before_until,
        limit=settings.behind_most + 1,
    )
    known = pl.col("entity_id").is_not_null() & (pl.col("share") >= settings.behind_share)
    return (
        rows.filter(known)
        .head(settings.behind_most)
        .with_columns(movement_id=pl.lit(key), entity_type=pl.lit(party))
    )


def _of_cube(one: Movement, kpi: Kpi) -> dict[str, object]:
    """A metric and slice as queries of the cube take them."""
    filters = [f"{dimension}={value}" for dimension, value in one.slice]
    return {
        "numerator": kpi.numerator,
        "denominator": kpi.denominator or "",
        "filters": filters,
    }
