"""Whiskers and ranges are those of the replicas, for whom somebody reads about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from pipeline.tables import read_features
from pipeline.tree_model.treeshap import contributions
from tests.pipeline import tiny
from tests.pipeline.explaining.explained import SETTINGS, models, read_about

if TYPE_CHECKING:
    import duckdb


def test_whiskers_reach_from_the_least_to_the_most_that_any_of_the_models_says(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """For entities that somebody reads about; the others have none."""
    ensembles, _ = models(con, "merchant")
    assert len(ensembles) == 3
    ids, matrix = read_features(con, "merchant", tiny.AS_OF, ensembles[0].features)
    of_seeds = np.stack([contributions(one, matrix)[:, :-1] for one in ensembles])
    where = {name: place for place, name in enumerate(ids)}
    with_whiskers, both = read_about(con, "merchant"), set()
    for row in parts.filter(pl.col("entity_type") == "merchant").iter_rows(named=True):
        values = of_seeds[:, where[row["entity_id"]], ensembles[0].features.index(row["feature"])]
        both.add(row["entity_id"] in with_whiskers)
        if row["entity_id"] not in with_whiskers:
            assert (row["low"], row["high"]) == (None, None)
        else:
            assert row["low"] == pytest.approx(values.min(), abs=1e-9)
            assert row["high"] == pytest.approx(values.max(), abs=1e-9)
            assert row["low"] <= row["contribution"] <= row["high"]
    assert both == {True, False}


def test_a_score_near_an_edge_says_so(con: duckdb.DuckDBPyConnection) -> None:
    """Its range over the seeds; an edge inside the range, and only then, is named."""
    ensembles, calibration = models(con, "merchant")
    ids, matrix = read_features(con, "merchant", tiny.AS_OF, ensembles[0].features)
    scored = np.stack([calibration.score(one.margin(matrix)) for one in ensembles])
    where = {name: place for place, name in enumerate(ids)}
    stable = con.sql("select * from explanations.stability where entity_type = 'merchant'").pl()
    begins = (SETTINGS.bands.medium, SETTINGS.bands.high, SETTINGS.bands.critical)
    assert stable.height > 10
    for row in stable.iter_rows(named=True):
        values = scored[:, where[row["entity_id"]]]
        assert row["score_low"] == pytest.approx(values.min(), abs=1e-9)
        assert row["score_high"] == pytest.approx(values.max(), abs=1e-9)
        inside = [edge for edge in begins if values.min() < edge <= values.max()]
        assert row["is_near_edge"] == bool(inside)
        assert (row["edge"] in inside) if inside else (row["edge"] is None)
    assert set(stable["is_near_edge"]) == {True, False}


def test_without_replicas_there_is_no_spread(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """A scorer that leaves none: the range is the score itself, near no edge."""
    buyers = con.sql("select * from explanations.stability where entity_type = 'buyer'").pl()
    assert buyers.height > 10
    assert (buyers["score_low"] == buyers["score_high"]).all()
    assert not buyers["is_near_edge"].any()
    whiskers = parts.filter((pl.col("entity_type") == "buyer") & pl.col("low").is_not_null())
    assert (whiskers["low"] == whiskers["contribution"]).all()
