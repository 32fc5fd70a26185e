"""The model page says whether SHAP gives the same reasons, where a build has asked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

MERCHANT = {"entity_type": "merchant"}
SAID = "Reasons computed a second time by SHAP for 2 entities"


def test_the_card_says_how_far_shap_agrees(open_page: Callable[..., AppTest]) -> None:
    """Beside what the model learned from; a model nobody checked claims nothing."""
    assert SAID in words(open_page("model", MERCHANT))
    assert "SHAP" not in words(open_page("model", {"entity_type": "buyer"}))


def test_a_file_without_the_check_still_has_its_card(open_page: Callable[..., AppTest]) -> None:
    """An older build left no such table."""
    app = open_page("model", MERCHANT, without=["meta.shap_check"])
    assert not app.exception
    assert SAID not in words(app)
    assert "Trained on" in words(app)
