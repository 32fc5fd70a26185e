"""Families of features in points of the score: how an analyst thinks of a case.

Exact Shapley values over families, so the average score of the background plus every
family is the score that the head of the page shows, on its own scale:
docs/decisions/0016-families-in-points.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.view_models import words
from dashboard.view_models.bars import Ends, Step, path

if TYPE_CHECKING:
    import polars as pl


def family_bars(points: pl.DataFrame, ends: Ends) -> pl.DataFrame:
    """Bars of family, points (0..1) from one score to another; a bar's key is its family."""
    labels = words.family_labels()
    ordered = points.sort("points", descending=True)
    steps = [
        Step(code, labels.get(code, words.sentence_case(code)), float(value))
        for code, value in ordered.select("family", "points").iter_rows()
    ]
    return path(steps, ends)
