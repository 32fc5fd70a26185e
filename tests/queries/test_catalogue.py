"""Every number an analyst reads can be recomputed from the rows shown beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import queries
from queries.catalogue import Feature, evidence_params, features
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    import duckdb

ALL = [feature for entity_type in ENTITY_TYPES for feature in features(entity_type).values()]
SAMPLE = 6
ALIKE: dict[str, list[Feature]] = {}
"""Features of one type whose rows are the same, by the query and what it is asked."""
for one in ALL:
    asked = evidence_params(one, "", date.min).values()
    ALIKE.setdefault(" ".join([one.entity_type, one.rows, *map(str, asked)]), []).append(one)
LONGEST_LABEL = 47
"""Characters that, with a value behind them, fit the two lines a bar has."""


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_catalogue_describes_exactly_the_feature_columns(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """No feature without words and rows, no words without a feature."""
    columns = [row[0] for row in con.execute(f"describe features.{entity_type}").fetchall()]
    assert columns[:2] == [f"{entity_type}_id", "as_of"]
    assert set(columns[2:]) == set(features(entity_type))


def test_a_type_without_a_catalogue_is_refused() -> None:
    """Pages take it for a type without documented features; nothing else may."""
    with pytest.raises(queries.QueryError, match=r"evidence/planet\.toml: there is no such file"):
        features("planet")


@pytest.mark.parametrize("feature", ALL, ids=lambda feature: feature.name)
def test_a_label_fits_beside_its_bar(feature: Feature) -> None:
    """Names of neighbouring bars would overlap otherwise."""
    assert len(feature.label) <= LONGEST_LABEL


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_an_unknown_value_says_what_it_would_need(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """Too little history is null with a reason: no column is null without one."""
    silent = [name for name, one in features(entity_type).items() if not one.needs]
    counted = ", ".join(f"count(*) - count({name}) as {name}" for name in silent)
    [unknown] = con.sql(f"select {counted} from features.{entity_type}").pl().rows(named=True)
    assert {name: rows for name, rows in unknown.items() if rows} == {}


@pytest.mark.parametrize("name", ALIKE)
def test_the_rows_behind_a_feature_recompute_it(name: str, con: duckdb.DuckDBPyConnection) -> None:
    """Small, large, zero and unknown values all come back from their rows.

    Features of the same rows are asked for together: one look at the rows gives them all.
    """
    own = ALIKE[name]
    query = queries.get(own[0].rows)
    queries.define_macros(con, query)
    values = ", ".join(feature.value for feature in own)
    sql = f"with rows as ({query.sql}) select {values} from rows"
    for entity_id, as_of, *stored in _sampled(con, own):
        recomputed = con.execute(sql, evidence_params(own[0], entity_id, as_of)).fetchone()
        assert recomputed is not None
        for feature, value, expected in zip(own, recomputed, stored, strict=True):
            assert value == _about(feature, expected), (feature.name, entity_id, as_of)


def _about(feature: Feature, stored: float | None) -> object:
    absolute = 1e-4 if feature.format == "money" else 1e-9
    if "_sd_" in feature.name or "_log_over_" in feature.name:
        absolute = 1e-7  # near zero it is a difference of two sums, or the root of one
    return None if stored is None else pytest.approx(stored, rel=1e-5, abs=absolute)


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_peers_behind_a_bar_give_its_median_and_quartiles(
    entity_type: str, con: duckdb.DuckDBPyConnection
) -> None:
    """For every feature that moves a score: the values of the peers recompute what is shown."""
    shown = con.sql(
        "select * from explanations.contributions"
        " join explanations.peer_groups using (entity_type, entity_id, as_of)"
        " join explanations.peers using (entity_type, as_of, peer_group, feature)"
        " where entity_type = $entity_type"
        " qualify row_number() over (partition by feature order by hash(entity_id)) <= 2",
        params={"entity_type": entity_type},
    ).pl()
    key, day = f"{entity_type}_id", shown["as_of"].max()
    latest = f"select * from features.{entity_type} where as_of = $day"
    features = con.sql(latest, params={"day": day}).pl()
    for row in shown.iter_rows(named=True):
        keys = ("entity_type", "entity_id", "as_of")
        members = queries.run(con, "evidence/peers", **{key: row[key] for key in keys})
        values = features.select(entity_id=key, value=pl.col(row["feature"]).cast(pl.Float64))
        peers = members.join(values, on="entity_id")
        assert row["entity_id"] in peers["entity_id"]
        assert peers.height == row["peer_count"]
        for column, level in (("peer_median", 0.5), ("peer_low", 0.25), ("peer_high", 0.75)):
            quantile = peers["value"].quantile(level, "linear")
            assert row[column] == (None if quantile is None else pytest.approx(quantile))


def _sampled(con: duckdb.DuckDBPyConnection, own: list[Feature]) -> list[tuple[Any, ...]]:
    """Entities with their values: of each feature the extremes, a few between, an unknown."""
    table = f"features.{own[0].entity_type}"
    key = f"{own[0].entity_type}_id"
    latest = f"as_of = (select max(as_of) from {table})"
    picks = [
        f"from {table} where {where} order by {order}, {key} limit {limit}"
        for name in (feature.name for feature in own)
        for where, order, limit in (
            (f"{name} is not null and {latest}", name, 2),
            (f"{name} is not null and {latest}", f"{name} desc", SAMPLE),
            (f"{name} is not null", f"hash({key})", SAMPLE),
            (f"{name} is null", f"hash({key})", 2),
        )
    ]
    columns = ", ".join([key, "as_of", *(feature.name for feature in own)])
    rows = (row for pick in picks for row in con.execute(f"select {columns} {pick}").fetchall())
    return list(dict.fromkeys(rows))
