"""What the packs say about the latest snapshot: fired signals and their strength.

A model says how likely an entity is bad; a pack says in which way. Signals are plain
predicates over features, so that an analyst can read, change and recompute them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.errors import PackError, StageError
from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from queries.packs import Pack, Signal

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_SIGNALS = _KEY | {"typology": pl.String, "code": pl.String, "severity": pl.Float64}
_TERMS = ("recoverable_share", "review_minutes", "horizon_days", "loss_share")
_PACKS = dict.fromkeys(("typology", "entity_type", "title"), pl.String) | dict.fromkeys(
    _TERMS, pl.Float64
)


def fired_signals(
    con: duckdb.DuckDBPyConnection, as_of: date, known: Iterable[Pack]
) -> pl.DataFrame:
    """Every entity of snapshot `as_of` for which a pack's signal holds."""
    pairs = [(pack, signal) for pack in known for signal in pack.signals]
    fired = [_fired(con, as_of, pack, signal) for pack, signal in pairs]
    frame = pl.concat([pl.DataFrame(schema=_SIGNALS), *fired])
    return frame.sort("entity_type", "entity_id", "typology", "code")


def _fired(con: duckdb.DuckDBPyConnection, as_of: date, pack: Pack, signal: Signal) -> pl.DataFrame:
    table, kind = f"features.{signal.entity_type}", signal.entity_type
    sql = f"select {kind}_id as entity_id from {table} where as_of = $day and ({signal.predicate})"
    try:
        ids = query(con, sql, day=as_of)["entity_id"]
    except (duckdb.Error, StageError) as error:
        reason = str(error).partition("\n")[0]
        raise PackError(
            f"Signal {signal.code} of pack {pack.code} cannot be run: {reason}",
            f"A predicate is a true-or-false expression over columns of {table}.",
            f"Mend the predicate in queries/typologies/, or delete the pack: {signal.predicate}",
        ) from error
    return ids.to_frame().select(
        entity_type=pl.lit(kind),
        entity_id="entity_id",
        as_of=pl.lit(as_of),
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


def pack_terms(known: Iterable[Pack]) -> pl.DataFrame:
    """What a pack says an alert of its kind is worth, one row per entity type."""
    rows = (
        {
            "typology": pack.code,
            "entity_type": entity_type,
            "title": pack.title,
            "recoverable_share": pack.recoverable_share,
            "review_minutes": pack.review_minutes,
            "horizon_days": float(pack.horizon_days),
            "loss_share": pack.loss_share.get(entity_type, 0.0),
        }
        for pack in known
        for entity_type in pack.entity_types
    )
    return pl.DataFrame(list(rows), schema=_PACKS)
