"""Two dates of one entity, or two entities: what changed and what that did to the score.

Only what changed gets credit (interventional Shapley with one baseline); a
difference of two explanations would credit features that stayed as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.bars import Ends, Step, path
from dashboard.view_models.families import family_bars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, timedelta

    from dashboard.explanations.records import ScoreChange

LIMIT = 12


@dataclass(frozen=True)
class CompareView:
    """Both levels of one comparison and its table, strongest first."""

    family_bars: pl.DataFrame
    bars: pl.DataFrame
    table: pl.DataFrame
    """label, first, last, contribution: all as text."""
    sentence: str

    @classmethod
    def of(cls, entity_type: str, change: ScoreChange, names: tuple[str, str]) -> CompareView:
        """The view of a change between what `names` calls first and last."""
        first, last = names
        moved = change.families.filter(pl.col("points") != 0.0)
        rows = change.features.rows(named=True)
        return cls(
            family_bars=family_bars(moved, Ends(first, last, change.first_score)),
            bars=path(_steps(entity_type, rows), Ends(first, last, change.first_margin)),
            table=_table(entity_type, rows[:LIMIT]),
            sentence=_sentence(change, len(rows)),
        )


def pick_day(days: Sequence[date], day: date | None, back: timedelta) -> date:
    """The day to compare with: `day` if it has a score, else the last one that lies `back`.

    The first where none lies so far back; `days` ascend and are not empty.
    """
    if day is not None and day in days:
        return day
    far = [other for other in days if other <= days[-1] - back]
    return far[-1] if far else days[0]


def _steps(entity_type: str, rows: list[dict[str, Any]]) -> list[Step]:
    steps = [
        Step(
            row["feature"],
            words.feature_label(entity_type, row["feature"]),
            float(row["contribution"]),
        )
        for row in rows
    ]
    rest = steps[LIMIT:]
    if not rest:
        return steps
    folded = sum(step.contribution for step in rest)
    return [*steps[:LIMIT], Step("", f"{len(rest)} smaller changes", folded)]


def _table(entity_type: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    def value_of(row: Mapping[str, Any], side: str) -> str:
        return words.feature_value(entity_type, row["feature"], row[side])

    return pl.DataFrame(
        {
            "label": [words.feature_label(entity_type, row["feature"]) for row in rows],
            "first": [value_of(row, "first") for row in rows],
            "last": [value_of(row, "last") for row in rows],
            "contribution": [text.times_odds(float(row["contribution"])) for row in rows],
        },
        schema={
            "label": pl.String,
            "first": pl.String,
            "last": pl.String,
            "contribution": pl.String,
        },
    )


def _sentence(change: ScoreChange, count: int) -> str:
    moved = change.last_score - change.first_score
    if not count:
        return "Nothing that the model looks at differs."
    what = "One finding differs" if count == 1 else f"{count} findings differ"
    return (
        f"{what} in a way that moves the score: {change.first_score:.3f} to "
        f"{change.last_score:.3f} ({text.signed(moved, 3)}). What stayed the same gets nothing."
    )
