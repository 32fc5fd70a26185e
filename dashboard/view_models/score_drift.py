"""What moved a model's scores in four weeks: who came, how they behave, and what it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.text import MISSING, money, plural, signed, times_odds
from dashboard.view_models.words import feature_label

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 8
"""Features that are shown."""


def sentence(whole: Mapping[str, object]) -> str:
    """The first row of `pages/drift/score_parts` in words."""
    change, came, behaves = (
        times_odds(float(str(whole[name])), 3) for name in ("change", "who_came", "behaviour")
    )
    days = f"{whole['reference_as_of']:%-d %b} – {whole['as_of']:%-d %b}"
    moved = f"Odds on average {change}, {days}: {came} by who came, {behaves} by how they behave."
    if whole["alerts"] is None:
        return f"{moved} No feature drifted beyond noise."
    gained, lost, alerts = (
        int(str(whole[name])) for name in ("alerts_gained", "alerts_lost", "alerts")
    )
    if not gained and not lost:
        return f"{moved} What drifted decides none of {plural(alerts, 'alert')}."
    hours = f"{signed(float(str(whole['review_hours'])), 1).lstrip('+')} hours of review"
    usd = money(float(str(whole["value_usd"])))
    return (
        f"{moved} What drifted makes {gained} of {plural(alerts, 'alert')} and hides {lost}: "
        f"{hours}, {usd} of expected savings."
    )


def part_table(entity_type: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The features of `pages/drift/score_parts` as display columns."""
    labels = [feature_label(entity_type, name) for name in rows["feature"].to_list()[1:]]
    factors = {
        name: pl.Series([times_odds(one, 3) for one in rows[name].to_list()[1:]], dtype=pl.String)
        for name in ("change", "who_came", "behaviour")
    }
    amounts = {
        "review_hours": [
            MISSING if one is None else signed(one, 1) for one in rows["review_hours"]
        ],
        "value_usd": [money(one) for one in rows["value_usd"]],
    }
    texts = {name: pl.Series(said[1:], dtype=pl.String) for name, said in amounts.items()}
    return rows[1:].with_columns(label=pl.Series(labels, dtype=pl.String), **factors, **texts)
