"""What the model is told of signals is what the pages say of them, on every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.learning.model import load_models
from queries.vocabulary import ENTITY_TYPES
from tests.laws.asking import count, rows

if TYPE_CHECKING:
    import duckdb

TOLERANCE = 1e-9


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_columns_are_the_firings_of_their_row(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """Counted again from `signals.firings`: every entity, every snapshot, historical ones too."""
    wrong = f"""
        with typologies as (
            select f.entity_id, f.as_of, f.typology,
                count(*) as firing, 1.0 - product(1.0 - f.severity) as strength
            from signals.firings as f
            inner join signals.conditions as c using (typology, code)
            where f.entity_type = '{entity_type}' and c.speaks_against
            group by all
        ),
        again as (
            select entity_id, as_of, sum(firing) as firing, max(strength) as strength
            from typologies
            group by all
        )
        select r.as_of
        from features.{entity_type} as r
        left join again as a on r.{entity_type}_id = a.entity_id and r.as_of = a.as_of
        where
            r.firing_signals <> coalesce(a.firing, 0)
            or abs(r.signal_strength - coalesce(a.strength, 0.0)) > {TOLERANCE}
    """
    assert count(con, wrong) == 0
    firing = f"from features.{entity_type} where firing_signals > 0"
    assert count(con, firing) > 0
    assert count(con, f"select distinct as_of {firing}") > 1


def test_todays_signals_are_the_firings_of_the_last_day(con: duckdb.DuckDBPyConnection) -> None:
    """The page, the alert and the model speak of the same signals."""
    key = "entity_type, entity_id, as_of, typology, code, severity"
    today = f"select {key} from signals.firings where as_of = (select as_of from meta.build)"
    assert count(con, f"{today} except all select {key} from scores.signals") == 0
    assert count(con, f"select {key} from scores.signals except all {today}") == 0


def test_a_models_signs_let_signals_only_raise_a_score(con: duckdb.DuckDBPyConnection) -> None:
    """Of equals, more firing signals are never safer: each model, each row, one signal more."""
    for entity_type, model in load_models(con).items():
        columns = ", ".join(f'"{name}"' for name in model.features)
        matrix = rows(con, f"select {columns} from features.{entity_type} using sample 200")
        before = model.margin(matrix.to_numpy())
        for name, step in (("firing_signals", 1.0), ("signal_strength", 0.3)):
            after = matrix.with_columns(matrix[name] + step)
            assert (model.margin(after.to_numpy()) >= before - TOLERANCE).all(), entity_type
