"""What signals said before: since when an entity has been strong, and how often rightly.

Strong signals open an alert of their own, at the probability that earlier verdicts bear out:
docs/decisions/0013-signals-open-alerts.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.learning.labels import base_rate, verdicts
from pipeline.scoring.signals import fired, typologies
from pipeline.tables import query
from queries.catalogue import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from pipeline.settings.build import Settings
    from queries.packs import Pack

_OPENINGS = dict.fromkeys(("entity_type", "entity_id", "typology"), pl.String) | {
    "opened_on": pl.Date
}
_OUTCOMES = {
    **dict.fromkeys(("entity_type", "typology"), pl.String),
    **dict.fromkeys(("labelled", "confirmed"), pl.Int64),
    "probability": pl.Float64,
}


def openings(
    con: duckdb.DuckDBPyConnection,
    packs: Sequence[Pack],
    strong: pl.DataFrame,
    threshold: float,
) -> pl.DataFrame:
    """Since when each `strong` row has been strong without a break: the day its alert opened."""
    parts = [pl.DataFrame(schema=_OPENINGS)]
    for entity_type in ENTITY_TYPES:
        own = strong.filter(pl.col("entity_type") == entity_type)
        own_packs = [pack for pack in packs if pack.code in set(own["typology"])]
        if own_packs:
            parts.append(_openings_of(con, entity_type, own, own_packs, threshold))
    return pl.concat(parts).sort("entity_type", "entity_id", "typology")


def _openings_of(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    strong: pl.DataFrame,
    packs: Sequence[Pack],
    threshold: float,
) -> pl.DataFrame:
    con.register("_strong", strong.select("entity_id").unique())
    name = f"{entity_type}_id"
    rows = f"features.{entity_type} semi join _strong on {name} = _strong.entity_id"
    past = typologies(fired(con, entity_type, rows, packs)).drop("entity_type", "is_primary")
    days = query(con, f"select {name} as entity_id, as_of from {rows}")
    con.unregister("_strong")
    key = ["entity_type", "entity_id", "typology"]
    every = strong.select(key).join(days, on="entity_id")
    every = every.join(past, on=["entity_id", "as_of", "typology"], how="left")
    is_calm = pl.col("strength").fill_null(0.0) < threshold
    calm = pl.col("as_of").filter(is_calm).max().over(key)
    open_days = every.filter(calm.is_null() | (pl.col("as_of") > calm))
    return open_days.group_by(key).agg(opened_on=pl.col("as_of").min().cast(pl.Date))


def outcomes(
    con: duckdb.DuckDBPyConnection,
    packs: Sequence[Pack],
    labels: pl.DataFrame,
    settings: Settings,
) -> pl.DataFrame:
    """How often verdicts confirmed an entity with strong signals: one row per pack and type.

    Counts entities with a matured verdict of a person whose signals were strong on the last
    training snapshot before it was given (afterwards enforcement has changed them). Few were,
    so the share of a typology is shrunk to that of its entity type, this one to that of all
    types and that one to the base rate, each by `signal_prior` imagined verdicts (posterior
    means of Beta priors).
    """
    is_strong = pl.col("strength") >= settings.alerts.signal_threshold
    strong = {name: _judged(con, name, packs, labels).filter(is_strong) for name in ENTITY_TYPES}
    each_once = {name: rows.unique("entity_id")["is_bad"] for name, rows in strong.items()}
    weight = settings.alerts.signal_prior
    base = sum(base_rate(labels, name, settings.labels).mean for name in ENTITY_TYPES)
    overall = _shrunk(pl.concat(each_once.values()), base / len(ENTITY_TYPES), weight)
    rows = []
    for pack in packs:
        for entity_type in pack.entity_types:
            own = strong[entity_type].filter(pl.col("typology") == pack.code)["is_bad"]
            share = _shrunk(own, _shrunk(each_once[entity_type], overall, weight), weight)
            rows.append((entity_type, pack.code, own.len(), int(own.sum()), share))
    return pl.DataFrame(rows, schema=_OUTCOMES, orient="row")


def _shrunk(is_bad: pl.Series, prior: float, weight: float) -> float:
    return (int(is_bad.sum()) + weight * prior) / (is_bad.len() + weight)


def _judged(
    con: duckdb.DuckDBPyConnection, entity_type: str, packs: Sequence[Pack], labels: pl.DataFrame
) -> pl.DataFrame:
    """`entity_id, typology, strength, is_bad` as they were before each verdict on a type."""
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
    con.register("_judged", judged.select("entity_id", pl.col("as_of").alias("last_as_of")))
    on = f"{entity_type}_id = _judged.entity_id and as_of = _judged.last_as_of"
    rows = f"features.{entity_type} semi join _judged on {on}"
    past = typologies(fired(con, entity_type, rows, packs))
    con.unregister("_judged")
    return past.select("entity_id", "typology", "strength").join(judged, on="entity_id")
