"""What a page asks the model itself: families, what holds a score, look-alikes, changes.

The build stores what everybody needs; these answers are for the one entity that is
open, exact and quick enough to be computed when it is looked at.
"""

from __future__ import annotations

from dashboard.explainer.answers import (
    alikes,
    band_threshold,
    change,
    computed_contributions,
    contributions,
    families,
    has_model,
    held_by,
    profile,
)

__all__ = [
    "alikes",
    "band_threshold",
    "change",
    "computed_contributions",
    "contributions",
    "families",
    "has_model",
    "held_by",
    "profile",
]
