"""What the model is told of signals is what the pages say of them, on every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import queries
from benchmarks.explanations import alerted
from dashboard.explanations.signals import signal_columns
from pipeline.learning.model import load_models
from pipeline.tables import latest_snapshot, names_off
from pipeline.tree_model.conditions import evaluated
from pipeline.tree_model.counterfactuals import flips
from pipeline.tree_model.moves import Freedom
from queries import signal_columns as in_sql
from queries.packs import packs
from queries.vocabulary import ENTITY_TYPES, SIGNAL_COLUMNS
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


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_columns_follow_from_the_stored_conditions(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """As a page computes them, without SQL: every entity, every snapshot."""
    frame = rows(con, f"from features.{entity_type} order by {entity_type}_id, as_of")
    key = frame.row(0, named=True)
    who = {"entity_type": entity_type, "entity_id": key[f"{entity_type}_id"], "as_of": key["as_of"]}
    names = tuple(frame.drop(f"{entity_type}_id", "as_of").columns)
    matrix = frame.select(pl.col(names).cast(pl.Float64)).to_numpy()
    source = signal_columns(
        names,
        queries.run(con, "pages/investigate/conditions", entity_type=entity_type),
        names_off(con, "signal").get(entity_type, ()),
    )
    firing = set(queries.run(con, "pages/investigate/firings", **who).iter_rows())
    derived = source.of_subject(matrix[0], {}, firing)
    assert derived is not None
    assert derived.free.all()
    columns = dict(zip(names, matrix.T, strict=True))
    fires = [evaluated(one.condition or (), columns) == 1.0 for one in source.signals]
    after = derived.values(np.stack(fires, axis=1))
    np.testing.assert_allclose(after, matrix[:, source.places], atol=TOLERANCE)


def test_what_holds_an_alert_is_scored_with_the_signals_it_would_have(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The SQL of the packs over the changed profile gives the columns and the score of the answer.

    The two columns themselves are never named.
    """
    switched = 0
    for entity_type in load_models(con):
        of = alerted(con, entity_type, 40)
        alerts = f"from alerts.alerts where entity_type = '{entity_type}' order by priority desc"
        ids = rows(con, f"select entity_id {alerts}")["entity_id"].to_list()
        for entity_id, subject in zip(ids, of.subjects, strict=False):
            edge = of.edge(subject.row) or 2.0
            tries = (Freedom.of(of.moves),)
            flip = flips(of.probe, of.calibration, subject, edge, tries, of.space)
            if flip is None:
                continue
            changes = {step.feature: step.becomes for step in flip.steps}
            assert not changes.keys() & set(SIGNAL_COLUMNS)
            columns = _in_sql(con, entity_type, entity_id, changes)
            row = subject.row.copy()
            for name, value in {**changes, **columns}.items():
                row[of.model.features.index(name)] = value
            score = of.calibration.score(of.model.margin(row[None, :]))[0]
            assert flip.steps[-1].score == pytest.approx(score, abs=TOLERANCE)
            assert score < edge
            switched += bool((row < subject.row)[of.model.features.index(SIGNAL_COLUMNS[0])])
    assert switched > 20


def _in_sql(
    con: duckdb.DuckDBPyConnection, entity_type: str, entity_id: str, changes: dict[str, float]
) -> dict[str, float]:
    """Both columns of a profile in which some facts are otherwise, by the SQL of a build."""
    off = names_off(con, "signal").get(entity_type, set())
    expressions = in_sql.signal_columns(packs().values(), f"features/{entity_type}", off)
    selected = ", ".join(f"{sql} as {name}" for name, sql in expressions.items())
    others = ", ".join(f"cast({value!r} as double) as {name}" for name, value in changes.items())
    day = f"date '{latest_snapshot(con)}'"
    who = f"where {entity_type}_id = '{entity_id}' and as_of = {day}"
    profile = f"select * replace ({others}) from features.{entity_type} {who}"
    return rows(con, f"select {selected} from ({profile})").row(0, named=True)
