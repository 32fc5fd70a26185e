"""Why somebody has no score, what a first model lacks, and why a queue is empty."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.view_models.unscored import EmptyQueue, unscored, unscored_sentences
from pipeline.settings.build import LabelSettings

BAD, GOOD = LabelSettings.min_positives, LabelSettings.min_negatives


def rows(*types: tuple[str, int, int]) -> pl.DataFrame:
    """Rows of `pages/queue/unscored`."""
    return pl.DataFrame(types, schema=["entity_type", "positives", "negatives"], orient="row")


def test_an_entity_type_without_a_model_is_named() -> None:
    """An empty queue of merchants has a reason, and the queue says it."""
    (sentence,) = unscored_sentences(rows(("merchant", 3, GOOD + 10)))
    assert sentence == (
        f"Merchants are not scored yet: 3 bad and {GOOD + 10} good labels have matured, too few "
        f"to learn from. {BAD - 3} bad verdicts are missing for a first model."
    )


def test_types_of_which_the_same_is_true_share_a_sentence() -> None:
    """Five lines that differ in a word are none that anybody reads."""
    sentences = unscored_sentences(rows(("buyer", 0, 0), ("creator", 0, 0), ("product", 1, 0)))
    assert len(sentences) == 2
    assert sentences[0].startswith("Buyers and creators have no score: nobody has judged one")
    assert f"{BAD} bad and {GOOD} good verdicts are missing for a first model" in sentences[0]


@pytest.mark.parametrize(
    ("fresh", "said"),
    [
        ((2, 5), f"{BAD - 2} bad and {GOOD - 5} good verdicts are missing for a first model"),
        ((2, 5), "2 bad and 5 good were given since this build."),
        ((BAD - 1, GOOD), "1 bad verdict is missing for a first model"),
        ((BAD, GOOD), "Enough verdicts are in for a first model: ringfence build learns it."),
    ],
)  # fmt: skip
def test_verdicts_since_the_build_count(fresh: tuple[int, int], said: str) -> None:
    """An afternoon of deciding moves the number before anybody builds."""
    assert said in unscored("merchant", 0, 0, fresh)


def test_an_empty_queue_says_why_and_leads_on() -> None:
    """Who is unusual is counted; nothing is to be cleared where nothing is set."""
    empty = EmptyQueue.of(is_filtered=False, has_scores=False, unproven=74)
    assert empty.title == "No alert is open."
    assert "too few verdicts are in" in empty.hint
    assert "no signals of a pack are strong enough" in empty.hint
    assert "74 subjects are unusual and never judged: begin there." in empty.hint
    assert not empty.is_filtered
    filtered = EmptyQueue.of(is_filtered=True, has_scores=True, unproven=74)
    assert filtered.title == "No alert matches these filters."
    assert filtered.is_filtered
