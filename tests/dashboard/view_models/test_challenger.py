"""Two models in words: what they share, which is better and since when two people agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from dashboard.cases.records import AuditEntry, ModelProposal, ModelStanding
from dashboard.view_models.challenger import Challenge, disagreement_table, standing_sentences
from queries.vocabulary import ADDITIVE, BOOSTED

DAY = datetime(2026, 5, 5, 9)  # noqa: DTZ001 - UTC without a zone, as stored
MODELS = pl.DataFrame(
    {
        "role": ["in_use", "challenger"],
        "recipe": [BOOSTED, ADDITIVE],
        "model_version": ["aaa", "bbb"],
        "trees": [160, 320],
    }
)
AGREEMENT = pl.DataFrame(
    {
        "measure": ["overlap", "overlap", "rank_correlation"],
        "at_k": [18, 36, None],
        "entities": [400] * 3,
        "value": [0.5, 0.75, 0.91],
    }
)
PROPOSAL = ModelProposal("buyer", ADDITIVE, "bbb", "As good.", "ann", DAY, 7)


def line(low: float | None, high: float | None, difference: float | None = 0.0) -> dict[str, Any]:
    """A row of `pages/model/comparison`."""
    ends = {f"{side}_{end}": 0.5 for side in ("in_use", "challenger") for end in ("low", "high")}
    own = {"difference": difference, "difference_low": low, "difference_high": high}
    return {"measure": "recall", "top": 0.05, "entities": 81, "in_use": 0.5, "challenger": 0.5,
            **ends, **own}  # fmt: skip


def challenge(*lines: dict[str, Any]) -> Challenge:
    """Both models on these measures."""
    return Challenge.of(MODELS, AGREEMENT, pl.DataFrame(lines, infer_schema_length=None))


def test_overlaps_are_said_in_subjects() -> None:
    """Nine of the first eighteen, not one half."""
    said = challenge(line(-0.1, 0.1)).agreement
    assert said.startswith("Both list 9 of the first 18, 27 of the first 36.")
    assert "agree by 0.91" in said


@pytest.mark.parametrize(
    ("ends", "verdict", "says"),
    [
        ((-0.1, 0.1, 0.01), "no difference is beyond chance", "as good"),
        ((0.02, 0.1, 0.06), "the challenger is better in 1 of 1 measures", "better"),
        ((-0.1, -0.02, -0.06), "the challenger is worse in 1 of 1 measures", "worse"),
        ((None, None, None), "no difference is beyond chance", "cannot tell"),
    ],
)
def test_only_what_is_beyond_chance_is_called_better(
    ends: tuple[float | None, float | None, float | None], verdict: str, says: str
) -> None:
    """An interval that holds zero tells nothing apart."""
    view = challenge(line(*ends))
    assert verdict in view.verdict
    assert view.comparison["says"].to_list() == [says]
    assert view.comparison["label"].to_list() == ["Recall, first 5 %"]


def test_the_state_of_a_promotion_is_said() -> None:
    """Who proposed what and why, who answered, and whether the build shown has done it."""
    assert standing_sentences(ModelStanding(BOOSTED, None, None), BOOSTED) == []
    waits = standing_sentences(ModelStanding(BOOSTED, PROPOSAL, None), BOOSTED)
    assert waits == [
        "ann proposed trees of one fact each on 2026-05-05: As good. It waits for a second person."
    ]
    entry = AuditEntry(8, DAY, "lea", "promote_model", "model:buyer", "", "{}", "", "")
    agreed = standing_sentences(ModelStanding(ADDITIVE, None, entry), BOOSTED)
    assert agreed[0] == "Agreed: the next build uses trees of one fact each."
    assert agreed[1] == "The last proposal was promoted by lea on 2026-05-05."
    assert standing_sentences(ModelStanding(ADDITIVE, None, entry), ADDITIVE) == agreed[1:]
    declined = ModelStanding(BOOSTED, None, replace(entry, action="decline_model"))
    assert standing_sentences(declined, BOOSTED) == [
        "The last proposal was declined by lea on 2026-05-05."
    ]


def test_each_row_says_which_model_has_it_higher() -> None:
    """As a badge."""
    rows = pl.DataFrame({"higher_in": ["in_use", "challenger"]})
    assert disagreement_table(rows)["higher"].to_list() == [["In use"], ["Challenger"]]
