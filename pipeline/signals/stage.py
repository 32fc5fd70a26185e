"""The signals stage: every firing of a pack's signal, on each day that features exist of.

The two columns of the features that count them (`queries.signal_columns`) say how many and how
strongly; these tables say which ones, on any day, for the page that opens the number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.signals.firings import FIRINGS, firings
from pipeline.tables import store
from queries.packs import folder_of, packs
from queries.signal_columns import speaks_against
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import duckdb

    from pipeline.settings.build import Settings
    from queries.packs import Pack

_CONDITIONS = {
    **dict.fromkeys(("typology", "title", "code", "entity_type"), pl.String),
    "severity": pl.Float64,
    **dict.fromkeys(("predicate", "text"), pl.String),
    "speaks_against": pl.Boolean,
}
"""Columns of `signals.conditions`; `speaks_against`: whether it is a sign of guilt, and counted
in the two columns of the features. A sign that somebody is the victim is not."""


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    packs_in_use: Iterable[Pack] | None = None,
) -> None:
    """Make both tables of schema `signals`; `packs_in_use` may replace those of the settings.

    Raises PackError when a predicate cannot be run.
    """
    own_packs = packs(folder_of(settings.packs_folder)).values()
    in_use = list(own_packs if packs_in_use is None else packs_in_use)
    parts = [pl.DataFrame(schema=FIRINGS)]
    parts += [firings(con, one, f"features.{one}", in_use) for one in ENTITY_TYPES]
    every = pl.concat(parts).sort("entity_type", "entity_id", "as_of", "typology", "code")
    for table, frame in {"conditions": conditions(in_use), "firings": every}.items():
        on_progress(f"signals.{table}", store(con, f"signals.{table}", frame))


def conditions(packs_in_use: Iterable[Pack]) -> pl.DataFrame:
    """Rows of `signals.conditions`: each signal of the packs in words and SQL."""
    rows = (
        (
            *(pack.code, pack.title, signal.code, signal.entity_type),
            *(signal.severity, signal.predicate, signal.text, speaks_against(pack)),
        )
        for pack in packs_in_use
        for signal in pack.signals
    )
    return pl.DataFrame(list(rows), schema=_CONDITIONS, orient="row")
