"""Which signals of the packs fire, row by row of the features.

A model says how likely an entity is bad; a pack says in which way. Signals are plain predicates
over features, so that an analyst can read, change and recompute them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.errors import StageError
from pipeline.orchestration.predicates import refusal
from pipeline.tables import names_off, query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queries.packs import Pack, Signal

FIRINGS = {
    **dict.fromkeys(("entity_type", "entity_id"), pl.String),
    "as_of": pl.Date,
    **dict.fromkeys(("typology", "code"), pl.String),
    "severity": pl.Float64,
}
"""Columns of `signals.firings`."""


def firings(
    con: duckdb.DuckDBPyConnection, entity_type: str, rows: str, packs: Iterable[Pack]
) -> pl.DataFrame:
    """Signals that hold on some rows of one entity type: every predicate in a single pass.

    One that rests on what nobody delivered is not asked.

    Raises PackError for a predicate that cannot be run.
    """
    every = [(pack, signal) for pack in packs for signal in pack.signals]
    off = names_off(con, "signal").get(entity_type, set())
    pairs = [
        (pack, signal)
        for pack, signal in every
        if signal.entity_type == entity_type and signal.code not in off
    ]
    if not pairs:
        return pl.DataFrame(schema=FIRINGS)
    tests = ", ".join(f"({signal.predicate}) as s{n}" for n, (_, signal) in enumerate(pairs))
    some = " or ".join(f"s{n}" for n in range(len(pairs)))
    columns = f"{entity_type}_id as entity_id, as_of, {tests}"
    try:
        holding = query(con, f"from (select {columns} from {rows}) where {some}")
    except (duckdb.Error, StageError) as error:
        raise refusal(con, pairs, f"features.{entity_type}", error) from error
    parts = [_signal_rows(holding.filter(f"s{n}"), *pair) for n, pair in enumerate(pairs)]
    return pl.concat(parts)


def _signal_rows(rows: pl.DataFrame, pack: Pack, signal: Signal) -> pl.DataFrame:
    return rows.select(
        entity_type=pl.lit(signal.entity_type),
        entity_id="entity_id",
        as_of=pl.col("as_of").cast(pl.Date),
        typology=pl.lit(pack.code),
        code=pl.lit(signal.code),
        severity=pl.lit(signal.severity, dtype=pl.Float64),
    )
