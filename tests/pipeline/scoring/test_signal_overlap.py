"""What a score owes to signals that are inputs of its model."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import duckdb
import pytest

from pipeline.scoring.signal_overlap import overlaps
from pipeline.tree_model.calibration import Calibration
from tests.pipeline import tiny

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.scoring.training_run import Trial

SHOPS = """
create table features.merchant as
select * from (values
    ('a', date '2026-05-01', 9.0, 3.0, 0.8),
    ('b', date '2026-05-01', 1.0, 1.0, 0.6),
    ('c', date '2026-05-01', 5.0, 1.0, 0.5),
    ('a', date '2026-04-24', 9.0, 9.0, 0.9)
) as t (merchant_id, as_of, orders_7d, firing_signals, signal_strength)
"""


@dataclass(frozen=True)
class Sums:
    """A margin of 2 a firing signal, 5 a point of strength and something else."""

    features: tuple[str, ...]

    def margin(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds before calibration, (n,)."""
        weights = {"orders_7d": 0.3, "firing_signals": 2.0, "signal_strength": 5.0}
        return matrix @ [weights[name] for name in self.features]


def owed(*features: str) -> dict[str, float]:
    """What shops owe under a model of some features, with a slope of 0.5."""
    fitted = SimpleNamespace(model=Sums(features), calibration=Calibration(0.5, -1.0))
    trials = [
        SimpleNamespace(entity_type="merchant", fitted=fitted),
        SimpleNamespace(entity_type="creator", fitted=None),
    ]
    with duckdb.connect() as con:
        con.execute(f"create schema features; {SHOPS}")
        return overlaps(con, tiny.AS_OF, cast("list[Trial]", trials), 0.6)


def test_it_is_the_mean_over_those_with_strong_signals_today() -> None:
    """Of two shops: 0.5 x (2 x 3 + 5 x 0.8) and 0.5 x (2 x 1 + 5 x 0.6); others do not count."""
    assert owed("orders_7d", "firing_signals", "signal_strength") == {
        "merchant": pytest.approx(3.75)
    }


def test_a_model_that_is_not_told_owes_nothing() -> None:
    """Nor does a type without a model of ours."""
    assert owed("orders_7d") == {}
