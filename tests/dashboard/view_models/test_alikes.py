"""Look-alikes of both outcomes in one order, and nobody said plainly."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.view_models.alikes import AlikesView, distance_words

DAYS = [date(2026, 4, 1) + timedelta(days=7 * i) for i in range(8)]


def test_look_alikes_keep_confirmed_before_cleared_before_the_twin() -> None:
    """Each outcome nearest first, with what separates in words."""
    alikes = pl.DataFrame(
        {
            "entity_id": ["a", "b", "c"],
            "outcome": ["ordinary", "cleared", "confirmed"],
            "as_of": [DAYS[0]] * 3,
            "score": [0.1, 0.2, 0.9],
            "distance": [0.01, 0.06, 0.3],
            "usual": [0.1] * 3,
            "features": [[], ["orders_1d"], ["orders_1d", "refund_rate_30d"]],
        }
    )
    names = pl.DataFrame({"entity_id": ["a"], "name": ["<b>Ann"]})
    view = AlikesView.of("merchant", alikes, names)
    assert [row.outcome for row in view.rows] == ["Confirmed", "Cleared", "Clean twin"]
    assert [row.distance for row in view.rows] == ["distant", "close", "very close"]
    assert view.rows[0].apart == "Orders, 1 day; Refund requests per 100 orders, 30 days"
    assert view.rows[2].key == "merchant:a"
    assert view.rows[2].name == "<b>Ann"
    assert view.rows[2].apart == "nothing that moves the score"


def test_nobody_to_compare_with_is_said() -> None:
    """No reference, no table, one sentence."""
    schema = {"entity_id": pl.String, "outcome": pl.String, "distance": pl.Float64}
    schema |= {"usual": pl.Float64, "features": pl.List(pl.String)}
    view = AlikesView.of("merchant", pl.DataFrame(schema=schema), pl.DataFrame())
    assert view.rows == ()
    assert "No other entity is known well enough" in view.sentence
    assert distance_words(0.0, 0.0) == "very close"
