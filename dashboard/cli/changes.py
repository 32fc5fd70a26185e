"""What a build changed against the one before it, and what it learnt from the casebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import duckdb

FAR = 10
"""Places by which an alert has to move in the queue to be worth a word."""
_ALERTS = """
select entity_type || ':' || entity_id as entity_key, queue_place, reopened_by
from alerts.alerts
"""
_BANDS = """
select s.entity_type || ':' || s.entity_id as entity_key, s.score_band
from scores.scores as s
inner join facts.snapshots as n on s.entity_type = n.entity_type and s.as_of = n.as_of
where n.is_latest
"""
_COUNTS = """
select
    (select count(*) from staging.orders) as orders,
    (select count(*) from staging.labels where source <> 'casebook') as labels,
    (select count(*) from staging.labels where source = 'casebook') as verdicts
"""


@dataclass(frozen=True)
class Snapshot:
    """What of a finished build is held against the next one."""

    as_of: date
    orders: int
    labels: int
    verdicts: int
    taught: pl.DataFrame
    """The casebook's labels that taught the models: `entity_key`, `label`."""
    alerts: pl.DataFrame
    bands: pl.DataFrame

    @classmethod
    def of(cls, database: Path) -> Snapshot | None:
        """Of a database; None where there is none, or it is not of this release."""
        import duckdb

        from queries import connect, scalar

        if not database.is_file():
            return None
        try:
            with connect(database) as con:
                as_of: date = scalar(con, "select as_of from meta.build")
                orders, labels, verdicts = con.sql(_COUNTS).fetchall()[0]
                alerts, bands = con.sql(_ALERTS).pl(), con.sql(_BANDS).pl()
                trained_on: date = scalar(con, "select max(as_of) from scores.models")
                taught = _taught(con, trained_on)
                return cls(as_of, orders, labels, verdicts, taught, alerts, bands)
        except duckdb.Error:
            return None


def _taught(con: duckdb.DuckDBPyConnection, trained_on: date) -> pl.DataFrame:
    from pipeline.learning.label_maturity import Delays, matured_labels
    from pipeline.settings.build import LabelSettings
    from pipeline.tables import query

    delays = Delays.of(query(con, "select * from scores.packs"))
    matured = matured_labels(con, trained_on, LabelSettings(), delays)
    last = matured.unique(("entity_type", "entity_id"), keep="last", maintain_order=True)
    ours = last.filter(pl.col("source") == "casebook")
    key = pl.col("entity_type") + ":" + pl.col("entity_id")
    return ours.select(key.alias("entity_key"), "label")


def sentences(before: Snapshot | None, after: Snapshot) -> Iterator[str]:
    """What is different now, each in one line; nothing of the first build but its lessons."""
    if after.verdicts:
        yield _lessons(after)
    if before is None:
        return
    if after.as_of > before.as_of:
        yield (
            f"From {before.as_of} to {after.as_of}: {after.orders - before.orders:,} orders and "
            f"{_many(after.labels - before.labels, 'label')} came in."
        )
    yield _queue(before, after)
    yield _moved(before, after)


def _lessons(after: Snapshot) -> str:
    taught, known = after.taught, after.verdicts
    bad = taught.filter(pl.col("label") == "bad").height
    split = f" ({bad} bad, {taught.height - bad} good)" if taught.height else ""
    waiting = known - taught.height
    wait = f", {waiting} to teach at a later training" if waiting else ""
    return f"Casebook: {_many(known, 'verdict')}, {taught.height} taught the models{split}{wait}."


def _queue(before: Snapshot, after: Snapshot) -> str:
    new = after.alerts.join(before.alerts, on="entity_key", how="anti")
    back = new.filter(pl.col("reopened_by").is_not_null()).height
    closed = before.alerts.join(after.alerts, on="entity_key", how="anti").height
    both = after.alerts.join(before.alerts, on="entity_key", suffix="_before")
    far = both.filter((pl.col("queue_place") - pl.col("queue_place_before")).abs() > FAR).height
    return (
        f"Alerts: {closed} closed, {new.height} opened, {back} of them about somebody who was "
        f"judged before; {far} of {both.height} others moved by more than {FAR} places."
    )


def _moved(before: Snapshot, after: Snapshot) -> str:
    both = after.bands.join(before.bands, on="entity_key", suffix="_before")
    moved = both.filter(pl.col("score_band") != pl.col("score_band_before")).height
    return f"Scores: {moved:,} of {both.height:,} subjects changed their band."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
