"""What the engine answers about one entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class FamilyPoints:
    """Points of each family in one score: base + sum of points = the score, all in 0..1."""

    base: float
    points: pl.DataFrame
    """family, points."""


@dataclass(frozen=True)
class ScoreChange:
    """What moved the score from one profile to another, or tells two entities apart."""

    first_score: float
    last_score: float
    first_margin: float
    last_margin: float
    families: pl.DataFrame
    """family, points: adds up to last_score - first_score."""
    features: pl.DataFrame
    """feature, contribution, first, last: adds up to last_margin - first_margin."""
