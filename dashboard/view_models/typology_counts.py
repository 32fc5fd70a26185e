"""What each kind of risk brought over a period, and what of the filters cannot narrow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.columns import mapped
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

_SUBJECT_DIMENSIONS = ("market", "category")
"""What a subject has; everything else is of an order."""


def typology_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `pages/metrics/typologies` with the typologies in words."""
    return rows.with_columns(mapped(rows, "typology", words.typology_title, skip_nulls=True))


def typology_note(slices: Mapping[str, Sequence[str]]) -> str:
    """What the counts by kind of risk are of, given the filters chosen."""
    subjects = (
        "Open alerts opened in these days and wait for a verdict; verdicts were given in these "
        "days, about behaviour that began earlier by the usual delay of its kind. They are never "
        "the same subjects, so no rate is made of the two. Days are UTC here."
    )
    return " ".join([subjects, *filter_notes(slices)])


def filter_notes(slices: Mapping[str, Sequence[str]]) -> list[str]:
    """What the filters chosen leave out or cannot narrow where subjects are counted."""
    notes = []
    if slices.get("category"):
        notes.append("Buyers have no category and are left out.")
    if any(slices.get(name) for name in slices if name not in _SUBJECT_DIMENSIONS):
        notes.append("A subject has a market and a category: every order of it is counted.")
    return notes
