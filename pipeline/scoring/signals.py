"""What the packs say: which signals fire, how strongly, since when, and how often rightly.

A model says how likely an entity is bad; a pack says in which way. Signals are plain
predicates over features, so that an analyst can read, change and recompute them. Strong
ones open an alert of their own, at the probability that earlier verdicts bear out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.errors import PackError, StageError
from pipeline.learning.labels import base_rate, verdicts
from pipeline.tables import query
from queries.catalogue import ENTITY_TYPES
from queries.packs import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pipeline.settings.build import Settings
    from queries.packs import Pack, Signal

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_SIGNALS = _KEY | {"typology": pl.String, "code": pl.String, "severity": pl.Float64}
_TERMS = (
    *("recoverable_share", "review_minutes", "horizon_days", "label_delay_days", "harm_minutes"),
    *("sensitivity", "specificity"),
)
_PACKS = dict.fromkeys(("typology", "entity_type", "title"), pl.String) | dict.fromkeys(
    _TERMS, pl.Float64
)
_LOSSES = {
    **dict.fromkeys(("typology", "entity_type", "flow"), pl.String),
    "share": pl.Float64,
    "bearer": pl.String,
}
_OPENINGS = dict.fromkeys(("entity_type", "entity_id", "typology"), pl.String) | {
    "opened_on": pl.Date
}
_OUTCOMES = {
    **dict.fromkeys(("entity_type", "typology"), pl.String),
    **dict.fromkeys(("labelled", "confirmed"), pl.Int64),
    "probability": pl.Float64,
}


def pack_tables(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    packs: Sequence[Pack],
    labels: pl.DataFrame,
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Every table of schema `scores` that comes from the packs, by name.

    `labels` are the matured ones. Raises PackError for a predicate that cannot be run.
    """
    signals = fired_signals(con, as_of, packs)
    strengths, threshold = typologies(signals), settings.alerts.signal_threshold
    strong = strengths.filter(pl.col("strength") >= threshold)
    return {
        "signals": signals,
        "typologies": strengths,
        "packs": pack_terms(packs),
        "pack_losses": pack_losses(packs),
        "pack_texts": pl.DataFrame(
            [(pack.code, to_json(pack)) for pack in packs],
            schema={"typology": pl.String, "body": pl.String},
            orient="row",
        ),
        "signal_openings": openings(con, packs, strong, threshold),
        "signal_outcomes": outcomes(con, packs, labels, settings),
    }


def fired_signals(
    con: duckdb.DuckDBPyConnection, as_of: date, packs: Sequence[Pack]
) -> pl.DataFrame:
    """Every entity of snapshot `as_of` for which a pack's signal holds."""
    parts = [pl.DataFrame(schema=_SIGNALS)]
    for entity_type in ENTITY_TYPES:
        rows = f"features.{entity_type} where as_of = '{as_of.isoformat()}'"
        parts.append(_fired(con, entity_type, rows, packs))
    return pl.concat(parts).sort("entity_type", "entity_id", "typology", "code")


def _fired(
    con: duckdb.DuckDBPyConnection, entity_type: str, rows: str, packs: Iterable[Pack]
) -> pl.DataFrame:
    """Signals that hold on some rows of one entity type: every predicate in a single pass."""
    every = ((pack, signal) for pack in packs for signal in pack.signals)
    pairs = [(pack, signal) for pack, signal in every if signal.entity_type == entity_type]
    if not pairs:
        return pl.DataFrame(schema=_SIGNALS)
    tests = ", ".join(f"({signal.predicate}) as s{n}" for n, (_, signal) in enumerate(pairs))
    some = " or ".join(f"s{n}" for n in range(len(pairs)))
    columns = f"{entity_type}_id as entity_id, as_of, {tests}"
    try:
        fired = query(con, f"from (select {columns} from {rows}) where {some}")
    except (duckdb.Error, StageError) as error:
        raise _refusal(con, entity_type, pairs, error) from error
    parts = [_signal_rows(fired.filter(f"s{n}"), *pair) for n, pair in enumerate(pairs)]
    return pl.concat(parts)


def _refusal(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    pairs: Sequence[tuple[Pack, Signal]],
    error: Exception,
) -> Exception:
    """Which of the predicates cannot be run; the error itself where each of them can."""
    table = f"features.{entity_type}"
    for pack, signal in pairs:
        try:
            query(con, f"select 1 from {table} where ({signal.predicate}) limit 0")
        except (duckdb.Error, StageError) as own_error:
            reason = str(own_error).partition("\n")[0]
            return PackError(
                f"Signal {signal.code} of pack {pack.code} cannot be run: {reason}",
                f"A predicate is a true-or-false expression over columns of {table}.",
                f"Mend the predicate in its pack, or delete the pack: {signal.predicate}",
            )
    return error


def _signal_rows(rows: pl.DataFrame, pack: Pack, signal: Signal) -> pl.DataFrame:
    return rows.select(
        entity_type=pl.lit(signal.entity_type),
        entity_id="entity_id",
        as_of=pl.col("as_of").cast(pl.Date),
        typology=pl.lit(pack.code),
        code=pl.lit(signal.code),
        severity=pl.lit(signal.severity, dtype=pl.Float64),
    )


def typologies(signals: pl.DataFrame) -> pl.DataFrame:
    """Strength of each typology of each entity, the strongest marked primary.

    Strength is a noisy-or: 1 - product of (1 - severity), so independent weak signals add
    up and no number of them exceeds 1. Ties go to the first code in the alphabet.
    """
    key = ["entity_type", "entity_id", "as_of"]
    missed = (1.0 - pl.col("severity")).product()
    strength = signals.group_by(*key, "typology", maintain_order=True).agg(
        strength=(1.0 - missed).clip(0.0, 1.0)
    )
    ordered = strength.sort(*key, "strength", "typology", descending=[False] * 3 + [True, False])
    first = pl.int_range(pl.len()).over(key) == 0
    return ordered.with_columns(first.alias("is_primary"))


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
    past = typologies(_fired(con, entity_type, rows, packs)).drop("entity_type", "is_primary")
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
    training snapshot before it was known (afterwards enforcement has changed them). Few were,
    so the share of a typology is shrunk to that of its entity type, this one to that of all
    types and that one to the base rate, each by `signal_prior` imagined verdicts (posterior
    means of Beta priors).
    """
    is_strong = pl.col("strength") >= settings.alerts.signal_threshold
    strong = {name: _judged(con, name, packs, labels).filter(is_strong) for name in ENTITY_TYPES}
    each_once = {name: rows.unique("entity_id")["is_bad"] for name, rows in strong.items()}
    weight = settings.alerts.signal_prior
    base = sum(base_rate(labels, name, settings.labels) for name in ENTITY_TYPES)
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
        pl.col("known_at").cast(pl.Date).alias("judged_on"),
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
    past = typologies(_fired(con, entity_type, rows, packs))
    con.unregister("_judged")
    return past.select("entity_id", "typology", "strength").join(judged, on="entity_id")


def pack_terms(packs: Iterable[Pack]) -> pl.DataFrame:
    """What a pack says an alert of its kind is worth, one row per entity type."""
    rows = (
        {
            "typology": pack.code,
            "entity_type": entity_type,
            "title": pack.title,
            **{term: getattr(pack, term) for term in _TERMS},
        }
        for pack in packs
        for entity_type in pack.entity_types
    )
    return pl.DataFrame(list(rows), schema=_PACKS)


def pack_losses(packs: Iterable[Pack]) -> pl.DataFrame:
    """Which money flows a pack's subjects take from, one row per typology, type and flow."""
    rows = (
        (pack.code, loss.entity_type, loss.flow, loss.share, loss.bearer)
        for pack in packs
        for loss in pack.losses
    )
    return pl.DataFrame(list(rows), schema=_LOSSES, orient="row")
