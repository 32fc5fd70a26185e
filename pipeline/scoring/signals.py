"""How strongly each typology shows by the signals that fire (`signals.firings`)."""

from __future__ import annotations

import polars as pl


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
