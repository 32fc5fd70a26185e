"""What signals said before: since when an entity has been strong, and how often rightly.

Strong signals open an alert of their own, at the probability that earlier verdicts bear out:
docs/decisions/0013-signals-open-alerts.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.learning.labels import verdicts
from pipeline.scoring.signals import typologies
from pipeline.tables import query

if TYPE_CHECKING:
    import duckdb

_OPENINGS = dict.fromkeys(("entity_type", "entity_id", "typology"), pl.String) | {
    "opened_on": pl.Date
}


def openings(
    con: duckdb.DuckDBPyConnection, strong: pl.DataFrame, threshold: float
) -> pl.DataFrame:
    """Since when each `strong` row has been strong without a break: the day its alert opened."""
    parts = [pl.DataFrame(schema=_OPENINGS)]
    for entity_type in strong["entity_type"].unique().sort():
        own = strong.filter(pl.col("entity_type") == entity_type)
        parts.append(_openings_of(con, entity_type, own, threshold))
    return pl.concat(parts).sort("entity_type", "entity_id", "typology")


def _openings_of(
    con: duckdb.DuckDBPyConnection, entity_type: str, strong: pl.DataFrame, threshold: float
) -> pl.DataFrame:
    con.register("_strong", strong.select("entity_id").unique())
    name = f"{entity_type}_id"
    rows = f"features.{entity_type} semi join _strong on {name} = _strong.entity_id"
    days = query(con, f"select {name} as entity_id, as_of from {rows}")
    own = "semi join _strong using (entity_id) where entity_type = $entity_type"
    firings = query(con, f"from signals.firings {own}", entity_type=entity_type)
    con.unregister("_strong")
    past = typologies(firings).drop("entity_type", "is_primary")
    key = ["entity_type", "entity_id", "typology"]
    every = strong.select(key).join(days, on="entity_id")
    every = every.join(past, on=["entity_id", "as_of", "typology"], how="left")
    is_calm = pl.col("strength").fill_null(0.0) < threshold
    calm = pl.col("as_of").filter(is_calm).max().over(key)
    open_days = every.filter(calm.is_null() | (pl.col("as_of") > calm))
    return open_days.group_by(key).agg(opened_on=pl.col("as_of").min().cast(pl.Date))


def judged_signals(
    con: duckdb.DuckDBPyConnection, entity_type: str, labels: pl.DataFrame
) -> pl.DataFrame:
    """Who was judged with signals: the primary typology before each verdict on an entity type.

    Columns entity_type, entity_id, typology, strength (of its signals on the last training
    snapshot before the verdict was known: afterwards enforcement has changed them) and is_bad.
    """
    judged = verdicts(labels, entity_type).select(
        "entity_id",
        pl.col("evidence_until").cast(pl.Date).alias("judged_on"),
        is_bad=pl.col("label") == "bad",
    )
    sql = "select as_of from facts.snapshots where entity_type = $entity_type and is_training"
    days = query(con, f"{sql} order by as_of", entity_type=entity_type).with_columns(
        pl.col("as_of").cast(pl.Date)
    )
    judged = judged.sort("judged_on").join_asof(days, left_on="judged_on", right_on="as_of")
    con.register("_judged", judged.select("entity_id", "as_of"))
    own = "semi join _judged using (entity_id, as_of) where entity_type = $entity_type"
    firings = query(con, f"from signals.firings {own}", entity_type=entity_type)
    con.unregister("_judged")
    past = typologies(firings).filter("is_primary")
    columns = ("entity_type", "entity_id", "typology", "strength")
    return past.select(columns).join(judged.select("entity_id", "is_bad"), on="entity_id")
