"""Families of features in points of the score: how an analyst thinks of a case.

Exact Shapley values over families, so the average score of the background plus
every family is the score that the head of the page shows, on its own scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.view_models import words
from dashboard.view_models.bars import Ends, Step, path

if TYPE_CHECKING:
    import polars as pl

# Points below a thousandth of the score are not worth a name in a sentence.
_LEAST = 0.0005


@dataclass(frozen=True)
class FamilyView:
    """Bars from the average score to this one; `key` of a bar is its family's code."""

    bars: pl.DataFrame
    sentence: str

    @classmethod
    def of(cls, points: pl.DataFrame, ends: Ends) -> FamilyView:
        """The view of family, points (0..1) from one score to another."""
        labels = words.family_labels()
        ordered = points.sort("points", descending=True)
        steps = [
            Step(code, labels.get(code, words.sentence_case(code)), float(value))
            for code, value in ordered.select("family", "points").iter_rows()
        ]
        return cls(path(steps, ends), _sentence(steps, ends.last))


def _sentence(steps: list[Step], last: str) -> str:
    """The two strongest families in words."""
    strong = sorted(steps, key=lambda step: -abs(step.contribution))[:2]
    parts = [
        f"{step.label.lower()} {'adds' if step.contribution > 0 else 'takes'} "
        f"{abs(step.contribution):.3f}"
        for step in strong
        if abs(step.contribution) >= _LEAST
    ]
    return f"{last}: {', '.join(parts)}." if parts else f"{last}: no family moves it."
