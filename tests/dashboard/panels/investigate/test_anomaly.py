"""An unproven entity: what is unusual, and no probability anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import headings, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

UNPROVEN = {"entity": "buyer:buy_3", "tab": "why"}


def test_an_unproven_entity_has_no_band_and_no_probability(open_page: Open) -> None:
    """The statement stands where the score does for others, though its place has an alert."""
    for tab in ("why", "compare"):
        app = open_page("investigate", {**UNPROVEN, "tab": tab})
        assert "nobody has judged such a thing yet" in plain_words(app)
        assert not app.metric
        assert not {"score", "contribution"} & {c for table in app.dataframe for c in table.value}
        assert "margin" not in plain_words(app).lower()
        assert "Raises the score" not in plain_words(app)
    app = open_page("investigate", UNPROVEN)
    text = plain_words(app)
    assert "no probability, hence no priority" in text
    assert "nobody has judged such a thing yet" in text
    assert "8.2 deviations above its peers" in text
    assert "5.1 deviations below its peers" in text
    assert not app.metric
    assert "Families" not in headings(app)
