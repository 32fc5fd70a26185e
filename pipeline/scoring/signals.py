"""What the packs say today: which signals fire, and how strongly each typology shows.

A model says how likely an entity is bad; a pack says in which way. Signals are plain predicates
over features, so that an analyst can read, change and recompute them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.errors import PackError, StageError
from pipeline.tables import names_off, query
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from queries.packs import Pack, Signal

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_SIGNALS = _KEY | {"typology": pl.String, "code": pl.String, "severity": pl.Float64}


def fired_signals(
    con: duckdb.DuckDBPyConnection, as_of: date, packs: Sequence[Pack]
) -> pl.DataFrame:
    """Every entity of snapshot `as_of` for which a pack's signal holds."""
    parts = [pl.DataFrame(schema=_SIGNALS)]
    for entity_type in ENTITY_TYPES:
        rows = f"features.{entity_type} where as_of = '{as_of.isoformat()}'"
        parts.append(fired(con, entity_type, rows, packs))
    return pl.concat(parts).sort("entity_type", "entity_id", "typology", "code")


def fired(
    con: duckdb.DuckDBPyConnection, entity_type: str, rows: str, packs: Iterable[Pack]
) -> pl.DataFrame:
    """Signals that hold on some rows of one entity type: every predicate in a single pass."""
    every = ((pack, signal) for pack in packs for signal in pack.signals)
    off = names_off(con, "signal").get(entity_type, set())
    pairs = [
        (pack, signal)
        for pack, signal in every
        if signal.entity_type == entity_type and signal.code not in off
    ]
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
