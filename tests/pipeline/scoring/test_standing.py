"""Models of an earlier training score a day as they would have on the day they were trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.learning.standing import TRAINED_TABLES, StandingModels
from pipeline.scoring import stage as scores
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import BURST, MANY, SETTINGS, fired, table

if TYPE_CHECKING:
    import duckdb


def standing(con: duckdb.DuckDBPyConnection) -> StandingModels:
    """What the training behind `con` left."""
    rows = pl.DataFrame({"trained_on": [tiny.AS_OF]})
    con.execute("create schema if not exists meta")
    tiny.put(con, "meta.training", rows)
    return StandingModels.of(con)


def scored_with(con: duckdb.DuckDBPyConnection, models: StandingModels) -> None:
    """Score a marketplace without a training."""
    packs = [BURST, MANY]
    scores.write(con, SETTINGS, tiny.unheard, packs_in_use=packs, standing=models)


def test_standing_models_say_what_a_training_said(con: duckdb.DuckDBPyConnection) -> None:
    """On the day of the training every table is the same, row for row."""
    again = fired()
    scored_with(again, standing(con))
    names = con.sql(
        "select table_name from duckdb_tables() where schema_name = 'scores'"
    ).fetchall()
    for (name,) in names:
        assert_frame_equal(table(again, name), table(con, name), check_row_order=False)


def test_what_became_known_since_moves_no_score(con: duckdb.DuckDBPyConnection) -> None:
    """A verdict after the training waits for the next one: scores and cards stand."""
    later = fired()
    later.execute("update staging.labels set label = 'good', known_at = timestamp '2026-04-30'")
    scored_with(later, standing(con))
    for name in ("scores", *TRAINED_TABLES):
        assert_frame_equal(table(later, name), table(con, name), check_row_order=False)


def test_a_new_row_is_scored_by_the_standing_model(con: duckdb.DuckDBPyConnection) -> None:
    """Somebody who looks like a scored shop gets its score, whenever the model was trained."""
    later = fired()
    twin = "select * replace ('mer_twin' as merchant_id) from features.merchant"
    later.execute(f"insert into features.merchant {twin} where merchant_id = 'mer_000000'")
    scored_with(later, standing(con))
    columns = ("as_of", "margin", "raw_score", "score", "score_band")
    both = [
        table(later, "scores").filter(pl.col("entity_id") == name).select(columns).sort("as_of")
        for name in ("mer_twin", "mer_000000")
    ]
    assert both[0].height == len(tiny.DAYS)
    assert_frame_equal(*both)
