"""The factors of Why are what the odds are multiplied by, worked out from probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import queries
from dashboard.charts.waterfall import waterfall
from dashboard.theme import LIGHT
from dashboard.view_models.why import WhyView
from tests.laws.asking import rows

if TYPE_CHECKING:
    import duckdb

EACH = 3


def _odds(margin: float) -> float:
    chance = 1.0 / (1.0 + np.exp(-margin))
    return float(chance / (1.0 - chance))


def _factor(said: str) -> float:
    size = float(said[1:].replace(",", ""))
    return size if said[0] == "×" else 1.0 / size


def test_each_factor_is_the_odds_with_it_over_the_odds_without(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Of alerts of every type: each sentence's number, each bar's, and the one at the end."""
    sql = """
        select entity_type, entity_id from alerts.alerts where lane = 'score'
        qualify row_number() over (partition by entity_type order by priority desc) <= {}
    """
    alerts = rows(con, sql.format(EACH))
    assert alerts["entity_type"].n_unique() > 2
    for who in alerts.iter_rows(named=True):
        stored = queries.run(con, "pages/investigate/contributions", **who)
        base, parts = stored["base_margin"][0], dict(stored["feature", "contribution"].iter_rows())
        whole = base + sum(parts.values())
        view = WhyView.of(stored, who["entity_type"])
        said = [note.text for note in waterfall(view.bars, LIGHT).layout.annotations]
        assert said[0] == "Average entity ×1.00"
        last = _factor(said[1].removeprefix("This entity "))
        assert last == pytest.approx(_odds(whole) / _odds(base), rel=0.06)
        steps = view.bars.filter(kind="up").vstack(view.bars.filter(kind="down"))
        bars = [*zip(view.bars["key"][1:-1], said[2:], strict=False)]
        assert len(bars) == len(steps)
        for feature, shown in bars:
            if feature:
                without = _odds(whole - parts[feature])
                assert _factor(shown) == pytest.approx(_odds(whole) / without, rel=0.06)
