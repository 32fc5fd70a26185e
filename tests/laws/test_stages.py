"""What each stage promises, held against a marketplace that was really built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import queries
from pipeline.drift.measures import Sample, shift
from pipeline.learning.label_maturity import Delays, matured_labels
from pipeline.learning.labels import training_set, verdicts
from pipeline.settings.build import Settings
from pipeline.tables import feature_names, read_features
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES
from tests.laws.asking import count, rows

if TYPE_CHECKING:
    import duckdb

    from pipeline.build import Report

SETTINGS = Settings()
ENTITY = ["entity_type", "entity_id"]
TIED = ("merchant", "creator", "product", "buyer")
"""Types that share things and trade with each other; a live session belongs to its host."""


@pytest.fixture
def modelled(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Entity types with labels enough to have a model."""
    sql = "select entity_type from scores.models where model_version is not null"
    types: list[str] = rows(con, sql)["entity_type"].to_list()
    assert types
    return types


# ---------------------------------------------------------------- scores


def test_training_days_are_said_of_every_model_and_before_its_day(
    con: duckdb.DuckDBPyConnection, modelled: list[str]
) -> None:
    """A model learns from snapshots of its own data, none later than the build."""
    days = rows(con, "select * from scores.training_days")
    assert sorted(days["entity_type"]) == sorted(modelled)
    as_of, first = rows(
        con, "select (select as_of from meta.build), min(day) from drift.day_histograms"
    ).row(0)
    assert (days["since"] <= days["until"]).all()
    assert days["since"].min() > first
    assert days["until"].max() <= as_of


def test_every_score_is_a_probability_with_its_band(con: duckdb.DuckDBPyConnection) -> None:
    """Scores lie in 0..1 and the band is the one whose threshold they reach."""
    scored = rows(con, "select * from scores.scores")
    bands = SETTINGS.bands
    edges = [bands.medium, bands.high, bands.critical]
    words = np.array(["LOW", "MED", "HIGH", "CRIT"])
    assert scored["score"].is_between(0.0, 1.0).all()
    assert scored["raw_score"].is_between(0.0, 1.0).all()
    expected = words[np.searchsorted(edges, scored["score"].to_numpy(), side="right")]
    assert (scored["score_band"].to_numpy() == expected).all()


def test_rows_in_are_rows_out(con: duckdb.DuckDBPyConnection, modelled: list[str]) -> None:
    """Each feature row of a modelled type has exactly one score, and no score lacks its row."""
    for entity_type in modelled:
        expected = f"select {entity_type}_id as entity_id, as_of from features.{entity_type}"
        actual = f"select entity_id, as_of from scores.scores where entity_type = '{entity_type}'"
        assert count(con, f"{expected} except all {actual}") == 0
        assert count(con, f"{actual} except all {expected}") == 0


def test_a_type_without_a_model_has_no_score(
    con: duckdb.DuckDBPyConnection, modelled: list[str]
) -> None:
    """Too few labels are said as such: no version, no trees, no score that looks like one."""
    silent = set(ENTITY_TYPES) - set(modelled)
    scored = rows(con, "select distinct entity_type from scores.scores")["entity_type"]
    assert silent.isdisjoint(scored)
    cards = rows(con, "select * from scores.models")
    assert set(cards["entity_type"]) == set(ENTITY_TYPES)
    few = cards.filter(pl.col("entity_type").is_in(sorted(silent)))
    least = SETTINGS.labels
    assert (
        (few["positives"] < least.min_positives) | (few["negatives"] < least.min_negatives)
    ).all()


def test_a_higher_margin_is_never_a_lower_score(
    con: duckdb.DuckDBPyConnection, modelled: list[str]
) -> None:
    """Calibration keeps the order of the model."""
    for entity_type in modelled:
        own = f"where entity_type = '{entity_type}'"
        ordered = rows(con, f"select margin, score from scores.scores {own}")
        assert (ordered.sort("margin")["score"].diff().drop_nulls() >= 0.0).all()


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_unknown_is_not_negative(
    entity_type: str, con: duckdb.DuckDBPyConnection, built: Report
) -> None:
    """Whoever no matured label judges is counted as unknown, and nobody learns from them."""
    cards = rows(con, f"select * from scores.models where entity_type = '{entity_type}'")
    card = cards.row(0, named=True)
    sql = f"select {entity_type}_id from features.{entity_type} where as_of = '{built.as_of}'"
    delays = Delays.of(rows(con, "select * from scores.packs"))
    labels = matured_labels(con, built.as_of, SETTINGS.labels, delays)
    training = training_set(con, entity_type, labels)
    judged = verdicts(labels, entity_type)
    bad = set(judged.filter(pl.col("label") == "bad")["entity_id"])
    assert set(training.entity_id) <= set(judged["entity_id"])
    present = {row[0] for row in con.execute(sql).fetchall()}
    assert card["unknown"] == len(present - set(training.entity_id)) > 0
    assert {i for i, y in zip(training.entity_id, training.is_bad, strict=True) if y} <= bad
    assert training.is_bad[training.last].sum() == card["positives"]


# ---------------------------------------------------------------- explanations


def test_base_and_contributions_are_the_margin(
    con: duckdb.DuckDBPyConnection, modelled: list[str]
) -> None:
    """Of everybody whose parts are stored, every alert among them, to rounding of doubles."""
    parts = rows(
        con,
        "select entity_type, entity_id, as_of, sum(contribution) as parts"
        " from explanations.contributions group by all",
    )
    latest = rows(
        con,
        "select s.* from scores.scores as s join facts.snapshots as n"
        " on s.entity_type = n.entity_type and s.as_of = n.as_of where n.is_latest",
    )
    alerts = rows(con, "select entity_type, entity_id from alerts.alerts")
    alerts = alerts.filter(pl.col("entity_type").is_in(modelled))
    assert alerts.join(parts, on=ENTITY, how="anti").is_empty()
    whole = latest.join(parts, on=[*ENTITY, "as_of"]).join(
        rows(con, "select * from explanations.bases"), on=["entity_type", "as_of"], how="left"
    )
    assert whole.height == parts.height
    assert set(whole["entity_type"]) == set(modelled)
    gap = (whole["base_margin"] + whole["parts"] - whole["margin"]).abs()
    assert gap.null_count() == 0
    assert float(gap.max()) < 1e-9  # type: ignore[arg-type]


def test_a_contribution_shows_the_features_own_value(
    con: duckdb.DuckDBPyConnection, modelled: list[str], built: Report
) -> None:
    """The value beside a contribution is the one the features table holds, and is documented."""
    for entity_type in modelled:
        stored = rows(
            con,
            f"select entity_id, feature, value from explanations.contributions"
            f" where entity_type = '{entity_type}'",
        )
        assert set(stored["feature"]) <= features(entity_type).keys()
        names = stored["feature"].unique().sort().to_list()
        wide = rows(con, f"select * from features.{entity_type} where as_of = '{built.as_of}'")
        ids = pl.col(f"{entity_type}_id").alias("entity_id")
        values = wide.select(ids, pl.col(names).cast(pl.Float64))
        long = values.unpivot(index="entity_id", variable_name="feature", value_name="kept")
        both = stored.join(long, on=["entity_id", "feature"], how="left")
        assert both["value"].equals(both["kept"].rename("value"))


# ---------------------------------------------------------------- communities


def test_communities_are_a_partition(con: duckdb.DuckDBPyConnection) -> None:
    """Nobody is in two communities, nobody is a stranger, nobody lacks a place to be drawn."""
    members = rows(con, "select * from communities.members")
    assert set(members["entity_type"]) <= set(TIED)
    assert members.height > 50
    assert members.select(ENTITY).is_unique().all()
    assert members.join(rows(con, "from graph.entities"), on=ENTITY, how="anti").is_empty()
    assert members.select(pl.col("x", "y", "weight").is_finite().all()).row(0) == (True,) * 3


def test_community_counts_are_its_members(con: duckdb.DuckDBPyConnection) -> None:
    """The head of a community counts exactly the rows below it, in total and by type."""
    heads = rows(con, "select * from communities.communities").sort("community_id")
    by_type = [
        (pl.col("entity_type") == entity_type).sum().cast(pl.Int64).alias(f"{entity_type}_count")
        for entity_type in TIED
    ]
    counted = (
        rows(con, "select * from communities.members")
        .group_by("community_id")
        .agg(pl.len().cast(pl.Int64).alias("member_count"), *by_type)
        .sort("community_id")
    )
    assert heads["community_id"].is_unique().all()
    assert heads.select(counted.columns).cast(counted.schema).equals(counted)


def test_no_two_members_of_a_community_cover_each_other(con: duckdb.DuckDBPyConnection) -> None:
    """The stored layout gives each member of a community a place of its own."""
    places = rows(con, "select community_id, x, y from communities.members")
    assert places.is_unique().all()


# ---------------------------------------------------------------- metrics


@pytest.mark.parametrize(
    ("table", "money"),
    [("merchant_days", "gmv_usd"), ("product_days", "gmv_usd"), ("buyer_days", "spend_usd")],
)
def test_slices_and_entities_sum_to_the_same_day(
    table: str, money: str, con: duckdb.DuckDBPyConnection
) -> None:
    """Orders, GMV and what was asked back are the same by slice and by entity."""
    counts = "sum(orders) as orders, sum(refunded_orders) as refunded"
    sums = f"select day, {counts}, cast(sum({{}}) as double) as gmv from {{}}"
    slices = rows(con, f"{sums.format('gmv_usd', 'metrics.cube')} group by day order by day")
    own = rows(con, f"{sums.format(money, f'metrics.{table}')} group by day order by day")
    both = slices.join(own, on="day", how="full", suffix="_own").fill_null(0)
    assert both.height > 90
    assert (both["orders"] == both["orders_own"]).all()
    assert (both["refunded"] == both["refunded_own"]).all()
    assert np.allclose(both["gmv"].to_numpy(), both["gmv_own"].to_numpy(), rtol=1e-9)


def test_creator_days_sum_to_the_orders_with_a_creator(con: duckdb.DuckDBPyConnection) -> None:
    """A creator's days hold the orders that came through a creator, no others."""
    expected = "select sum(orders) from metrics.creator_days"
    actual = "select count(*) from staging.orders where creator_id is not null and not is_sample"
    assert queries.scalar(con, expected) == queries.scalar(con, actual)


def test_every_order_is_in_one_slice(con: duckdb.DuckDBPyConnection) -> None:
    """The slices together are the marketplace, free samples left out."""
    expected = "select sum(orders), cast(sum(gmv_usd) as double) from metrics.cube"
    actual = "select count(*), sum(paid_usd) from staging.orders where not is_sample"
    slices, orders = con.execute(expected).fetchall()[0], con.execute(actual).fetchall()[0]
    assert slices[0] == orders[0]
    assert slices[1] == pytest.approx(orders[1], rel=1e-9)


def test_quartiles_of_peers_are_in_order(con: duckdb.DuckDBPyConnection) -> None:
    """A quarter of the peers is never above the median, nor the median above three quarters."""
    assert queries.row_count(con, "metrics.peer_days") > 1000
    unordered = (
        "select * from metrics.peer_days where not (p10 <= p25 and p25 <= p50 and "
        "p50 <= p75 and p75 <= p90 and entities > 0)"
    )
    assert count(con, unordered) == 0


# ---------------------------------------------------------------- drift


def test_drift_is_never_negative_and_says_what_it_measures(con: duckdb.DuckDBPyConnection) -> None:
    """PSI of a feature is at least zero, against an earlier day."""
    points = rows(con, "select * from drift.score_parts")
    assert points.height > 5
    assert (points["psi"] >= 0.0).all()
    assert (points["reference_as_of"] < points["as_of"]).all()


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_a_snapshot_has_not_drifted_from_itself(
    entity_type: str, con: duckdb.DuckDBPyConnection, built: Report
) -> None:
    """Every real feature of the latest snapshot against itself: exactly zero and stable."""
    names = feature_names(con, entity_type)
    _, matrix = read_features(con, entity_type, built.as_of, names)
    samples = [Sample.of(column) for column in matrix.T]
    moved = [shift(one, one, SETTINGS.drift) for one in samples]
    assert {one.distances.psi for one in moved} == {0.0}
    assert {one.distances.ks for one in moved} <= {0.0, None}
    assert {one.verdict(SETTINGS.drift) for one in moved} == {"stable"}
