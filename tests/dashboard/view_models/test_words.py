"""Features, typologies and codes read as words, whoever wrote them."""

from __future__ import annotations

from dashboard.view_models import decide, words
from queries.vocabulary import NEW_PATTERN


def test_words_are_those_of_the_build() -> None:
    """What a served database carries replaces the house's packs, even when it carries none."""
    words.serve({})
    assert words.typology_title("T1_BRUSHING") == "Brushing"
    assert decide.typologies_for("merchant") == (NEW_PATTERN,)
    words.serve(None)
    assert "T1_BRUSHING" in decide.typologies_for("merchant")


def test_words_of_an_unknown_typology_or_feature_are_readable() -> None:
    """A team's own scores need no catalogue to be shown."""
    assert words.typology_title("T77_NEW_THING") == "New thing"
    assert words.reason("merchant_group", "gmv_usd_7d", 3.0, 1.0) == "GMV USD 7d 3 (peers 1)"


def test_an_unknown_value_says_what_it_would_take() -> None:
    """Too little history is no zero, and the catalogue says how much is enough."""
    name = next(name for name, one in words.catalogue("merchant").items() if one.needs)
    sentence = words.reason("merchant", name, None, 1.0)
    assert sentence.endswith(f"needs {words.catalogue('merchant')[name].needs}")
