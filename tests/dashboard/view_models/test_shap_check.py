"""The model card says whether the reasons beside its scores were found right."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.view_models.model import shap_check_sentence

NONE = pl.DataFrame(schema={"rows_checked": pl.Int64})


def checked(difference: float, gap: float, rows: int = 200) -> pl.DataFrame:
    """A row of `pages/model/shap_check`."""
    return pl.DataFrame(
        {
            "entity_type": ["merchant"],
            "rows_checked": [rows],
            "largest_difference": [difference],
            "largest_additivity_gap": [gap],
        }
    )


def test_agreement_is_said_with_its_size() -> None:
    """How many were compared, and how far apart they are at most."""
    sentence = shap_check_sentence(checked(1.8e-15, 0.000004), is_handed_over=False)
    assert sentence == (
        "Reasons computed a second time by SHAP for 200 entities: their factors differ by less "
        "than 0.0001% and miss the odds of a score by up to 0.0004%."
    )


def test_one_entity_is_one() -> None:
    """A sentence, not a form."""
    assert "for 1 entity:" in shap_check_sentence(checked(0.0, 0.0, 1), is_handed_over=False)


@pytest.mark.parametrize("rows", [NONE, checked(0.0, 0.0)])
def test_reasons_of_another_model_are_not_claimed_to_be_checked(rows: pl.DataFrame) -> None:
    """Handed-over contributions come without trees."""
    assert "no trees" in shap_check_sentence(rows, is_handed_over=True)


def test_a_file_of_an_older_build_says_nothing() -> None:
    """Nothing was compared, so nothing is said."""
    assert shap_check_sentence(NONE, is_handed_over=False) == ""


def test_no_reasons_came_with_the_scores() -> None:
    """Without a contributions file nothing is said to have come."""
    sentence = shap_check_sentence(NONE, is_handed_over=True, has_contributions=False)
    assert sentence == "Not explained: no contributions of this kind were given."
