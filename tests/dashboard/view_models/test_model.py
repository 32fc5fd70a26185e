"""The model card: whose scores, how good, measured on what."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from dashboard.view_models import words
from dashboard.view_models.model import (
    ModelView,
    calibration_table,
    concerning,
    evaluation_table,
    heads_table,
    measured_sentence,
)


def test_another_models_scores_are_not_called_ours() -> None:
    """The card of handed-over scores names their version and claims no training or quality."""
    counts = dict.fromkeys(("positives", "negatives", "unknown", "training_rows"), 40)
    measures = dict.fromkeys(("auprc", "trees", "lot_checks", "lot_finds"))
    card = {
        "entity_type": "merchant",
        "model_version": "abc",
        "as_of": date(2026, 5, 1),
        "scored_on": date(2026, 5, 1),
        **counts,
        **measures,
        "calibrated_on": "handed over",
        "is_log_odds": False,
        "base_rate": 0.02,
    }
    importance = pl.DataFrame(schema={"feature": pl.String})
    view = ModelView.of(card, curve=pl.DataFrame(), bins=pl.DataFrame(), importance=importance)
    assert "Another model" in view.headline
    assert "abc" in view.provenance
    assert "handed over" in view.provenance
    assert "Calibrated" not in view.provenance
    assert view.measured_on == ""
    assert not view.is_log_odds


def test_the_card_says_who_taught_as_presumed_good() -> None:
    """How many nobody had judged, and what they weighed beside the judged; silent where none."""
    card = {
        **dict.fromkeys(("auprc", "precision_at_50", "recall_at_50", "ece", "brier")),
        "entity_type": "merchant",
        "model_version": "abc",
        "as_of": date(2026, 5, 1),
        "scored_on": date(2026, 5, 1),
        "positives": 38,
        "negatives": 177,
        "unknown": 1631,
        "training_rows": 1902,
        "trees": 80,
        "unlabelled_rows": 1631,
        "unlabelled_weight": 430.0,
        "base_rate": 0.02,
        "calibrated_on": None,
        "is_log_odds": True,
    }
    importance = pl.DataFrame(schema={"feature": pl.String})
    frames = {"curve": pl.DataFrame(), "bins": pl.DataFrame(), "importance": importance}
    assert (
        "1,631 subjects nobody has judged also taught, as presumed good: together they weigh 430 "
        "beside the 215 with a label."
    ) in ModelView.of(card, **frames).provenance
    silent = ModelView.of({**card, "unlabelled_rows": 0}, **frames).provenance
    assert "presumed good" not in silent
    assert "trained on what was known at 2026-05-01:" in silent
    older = ModelView.of({**card, "scored_on": date(2026, 5, 4)}, **frames).provenance
    assert "trained on what was known at 2026-05-01, scores 2026-05-04:" in older


def test_measures_stand_in_one_order_with_intervals() -> None:
    """Known ones first, by capacity; what has no interval shows a dash."""
    rows = pl.DataFrame(
        {
            "measure": ["base_rate", "precision_at_k", "auprc", "precision_at_k"],
            "at_k": [None, 36, None, 18],
            "value": [0.01, 0.5, 0.7, 0.9],
            "low": [None, 0.4, 0.6, 0.1],
            "high": [None, 0.6, 0.8, 1.0],
            "ceiling": [None, 0.8, None, 1.0],
            "entities": [81] * 4,
            "says_something": [True, True, True, False],
        }
    )
    table = evaluation_table(rows)
    assert table["label"].to_list() == [
        "AUPRC",
        "Precision of the first 18",
        "Precision of the first 36",
        "Base rate",
    ]
    assert table["interval"].to_list()[-2:] == ["0.40 to 0.60", "–"]
    assert table["value"].to_list() == [0.7, None, 0.5, 0.01]
    assert measured_sentence(rows) == (
        "From 81 judged entities, too few to say a figure for Precision of the first 18."
    )


def test_only_schemes_of_the_kind_are_listed_and_briefly() -> None:
    """Viewer inflation is no matter of shops; how many cases are missing fits its column."""
    reason = "7 matured cases and 68 others; 12 cases and 30 others are needed"
    rows = pl.DataFrame(
        {"typology": ["T1_BRUSHING", "T2_VIEWER_INFLATION"], "positives": [7, 0],
         "has_head": [False] * 2, "base_rate": [None] * 2, "reason": [reason] * 2}
    )  # fmt: skip
    table = heads_table(concerning(rows, "merchant"))
    assert table["label"].to_list() == ["Brushing"]
    assert table["how"].to_list() == ["Signals: 7 of 12 cases needed"]


def test_a_scheme_without_a_head_says_why() -> None:
    """Its probability comes from signals, that is from none."""
    row = {"typology": "T1_BRUSHING", "positives": 3, "has_head": False, "base_rate": None,
           "reason": "too few"}  # fmt: skip
    assert heads_table(pl.DataFrame([row])).row(0) == (
        *("Brushing", 3, words.known_packs()["T1_BRUSHING"].label_delay_days),
        *(None, "Signals: too few"),
    )


@pytest.mark.parametrize(
    ("predicted", "low", "high", "said"),
    [
        (0.30, 0.20, 0.40, "fits"),
        (0.10, 0.20, 0.40, "too low"),
        (0.50, 0.20, 0.40, "too high"),
        (0.30, 0.01, 0.99, "cannot tell"),
        (0.00, 0.01, 0.99, "cannot tell"),
    ],
)
def test_a_score_fits_only_where_verdicts_could_say_otherwise(
    predicted: float, low: float, high: float, said: str
) -> None:
    """An interval that holds nearly everything bears nothing out."""
    row = {"band": "top_1", "entities": 16, "predicted": predicted, "low": low, "high": high}
    assert calibration_table(pl.DataFrame([row]))["verdict"].to_list() == [said]
