"""The model in use and its challenger: what they share, which is better, and what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from pipeline.settings.models import EvaluationSettings
from queries.vocabulary import ADDITIVE, BOOSTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.records import ModelStanding

RECIPES = {
    BOOSTED: "trees of several facts together",
    ADDITIVE: "trees of one fact each",
}
FIRST = EvaluationSettings.capacities[1]
"""Two analyst-days: who is there in one list and not in the other is a different day's work."""
SHOWN = 15
"""Of each model: nobody reads further down."""
HIGHER_IN = {"in_use": "In use", "challenger": "Challenger"}
_MEASURES = {"precision": "Precision", "recall": "Recall"}


@dataclass(frozen=True)
class Challenge:
    """Two models of one entity type, in words and as tables."""

    sentence: str
    agreement: str
    verdict: str
    recipe: str
    """Of the challenger."""
    version: str
    comparison: pl.DataFrame
    """label, in_use and challenger with their intervals, difference and what it says."""

    @classmethod
    def of(cls, models: pl.DataFrame, agreement: pl.DataFrame, compared: pl.DataFrame) -> Challenge:
        """From `pages/model/challengers`, `agreement` and `comparison`, of which none is empty."""
        by_role = {row["role"]: row for row in models.iter_rows(named=True)}
        used, other = by_role["in_use"], by_role["challenger"]
        return cls(
            f"In use: {_named(used)}. In its shadow: {_named(other)}, learnt from the same "
            "verdicts. Its scores move no alert and no order of the queue.",
            _agreement(agreement),
            _verdict(compared),
            str(other["recipe"]),
            str(other["model_version"]),
            _table(compared),
        )


def _named(model: Mapping[str, Any]) -> str:
    return f"{RECIPES[model['recipe']]} ({model['trees']}, {model['model_version']})"


def _agreement(rows: pl.DataFrame) -> str:
    overlaps = rows.filter(pl.col("measure") == "overlap")
    shared = [
        f"{round(row['value'] * row['at_k'])} of the first {row['at_k']}"
        for row in overlaps.iter_rows(named=True)
    ]
    whole = rows.filter(pl.col("measure") == "rank_correlation").row(0, named=True)
    both = f"Both list {', '.join(shared)}. " if shared else ""
    if whole["value"] is None:
        return both.strip()
    return (
        f"{both}Over all {whole['entities']:,} whom nobody has judged their orders agree by "
        f"{whole['value']:.2f} (rank correlation; 1 is the same order)."
    )


def _verdict(rows: pl.DataFrame) -> str:
    """Whether verdicts tell the two apart anywhere."""
    sure = rows.filter((pl.col("difference_low") > 0.0) | (pl.col("difference_high") < 0.0))
    judged = f"On the same {text.plural(rows['entities'][0], 'judged entity', 'judged entities')}"
    if sure.is_empty():
        return f"{judged} no difference is beyond chance."
    better = sure.filter(pl.col("difference") > 0.0).height
    worse = sure.height - better
    said = [f"better in {better}" if better else "", f"worse in {worse}" if worse else ""]
    words = " and ".join(one for one in said if one)
    return f"{judged} the challenger is {words} of {rows.height} measures, beyond chance."


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.rows(named=True)
    return pl.DataFrame(
        {
            "label": [_label(row) for row in named],
            "in_use": [_ends(row, "in_use") for row in named],
            "challenger": [_ends(row, "challenger") for row in named],
            "difference": [_signed(row) for row in named],
            "says": [_says(row) for row in named],
        },
        schema=dict.fromkeys(("label", "in_use", "challenger", "difference", "says"), pl.String),
    )


def _label(row: Mapping[str, Any]) -> str:
    return f"{_MEASURES[row['measure']]}, first {row['top'] * 100:.0f} %"


def _ends(row: Mapping[str, Any], side: str) -> str:
    if row[side] is None:
        return text.MISSING
    return f"{row[side]:.2f} ({row[f'{side}_low']:.2f} to {row[f'{side}_high']:.2f})"


def _signed(row: Mapping[str, Any]) -> str:
    if row["difference"] is None:
        return text.MISSING
    middle, low, high = (
        text.signed(row[name], 2) for name in ("difference", "difference_low", "difference_high")
    )
    return f"{middle} ({low} to {high})"


def _says(row: Mapping[str, Any]) -> str:
    if row["difference"] is None:
        return "cannot tell"
    if row["difference_low"] > 0.0:
        return "better"
    return "worse" if row["difference_high"] < 0.0 else "as good"


def disagreement_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/model/disagreements` as display columns, with `higher` for the model in words."""
    higher = pl.col("higher_in").replace_strict(HIGHER_IN, return_dtype=pl.String)
    return rows.with_columns(higher=pl.concat_list(higher))


def standing_sentences(standing: ModelStanding, in_use: str) -> list[str]:
    """What people agreed on, and whether the build shown has done it; `in_use` is its recipe."""
    said = []
    if standing.recipe != in_use:
        said.append(f"Agreed: the next build uses {RECIPES[standing.recipe]}.")
    waits, answer = standing.proposal, standing.answer
    if waits is not None:
        day = f" on {waits.proposed_at:%Y-%m-%d}" if waits.proposed_at else ""
        said.append(
            f"{waits.proposed_by} proposed {RECIPES[waits.recipe]}{day}: "
            f"{text.written(waits.note)} It waits for a second person."
        )
    elif answer is not None:
        done = "promoted" if answer.action == "promote_model" else "declined"
        said.append(f"The last proposal was {done} by {answer.actor} on {answer.at:%Y-%m-%d}.")
    return said
