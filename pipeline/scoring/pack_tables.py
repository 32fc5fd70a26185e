"""Every table of schema `scores` that comes from the packs: what they say and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.scoring.signal_history import openings
from pipeline.scoring.signals import fired_signals, typologies
from queries.packs import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import duckdb

    from pipeline.settings.build import Settings
    from queries.pack_models import Harm
    from queries.packs import Pack

_TERMS = (
    *("recoverable_share", "review_minutes", "horizon_days", "label_delay_days"),
    *("sensitivity", "specificity"),
)
_PACKS = {
    **dict.fromkeys(("typology", "entity_type", "title", "subject_is"), pl.String),
    **dict.fromkeys(_TERMS, pl.Float64),
}
_LOSSES = {
    **dict.fromkeys(("typology", "entity_type", "flow"), pl.String),
    "share": pl.Float64,
    "bearer": pl.String,
}
_PRICES = ("price_usd", "low_usd", "high_usd")
_HARMS = {
    **dict.fromkeys(("typology", "entity_type", "kind", "event"), pl.String),
    **dict.fromkeys(_PRICES, pl.Float64),
    **dict.fromkeys(("is_undone", "is_activity"), pl.Boolean),
    "source": pl.String,
}


def pack_tables(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    packs: Sequence[Pack],
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Every table of schema `scores` that comes from the packs alone, by name.

    Raises PackError for a predicate that cannot be run.
    """
    signals = fired_signals(con, as_of, packs)
    strengths, threshold = typologies(signals), settings.alerts.agreement_threshold
    strong = strengths.filter(pl.col("strength") >= threshold)
    return {
        "signals": signals,
        "typologies": strengths,
        "packs": pack_terms(packs),
        "pack_losses": pack_losses(packs),
        "pack_harms": pack_harms(packs),
        "pack_texts": pl.DataFrame(
            [(pack.code, to_json(pack)) for pack in packs],
            schema={"typology": pl.String, "body": pl.String},
            orient="row",
        ),
        "signal_openings": openings(con, packs, strong, threshold),
    }


def pack_terms(packs: Iterable[Pack]) -> pl.DataFrame:
    """What a pack says an alert of its kind is worth, one row per entity type."""
    rows = (
        {
            "typology": pack.code,
            "entity_type": entity_type,
            "title": pack.title,
            "subject_is": pack.subject_is,
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


def pack_harms(packs: Iterable[Pack]) -> pl.DataFrame:
    """What a pack's subjects spoil beyond money, one row per typology, type and event."""
    rows = (
        {"typology": pack.code, "entity_type": entity_type, **_terms(harm)}
        for pack in packs
        for harm in pack.harms
        for entity_type in harm.entity_types
    )
    return pl.DataFrame(list(rows), schema=_HARMS)


def _terms(harm: Harm) -> dict[str, object]:
    """The columns of `_HARMS` that a harm gives."""
    return {name: getattr(harm, name) for name in list(_HARMS)[2:]}
