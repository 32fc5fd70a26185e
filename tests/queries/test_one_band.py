"""One probability, one band: every page that shows a subject says the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from dashboard.theme import BAND_LABELS
from dashboard.view_models.header import HeaderView
from dashboard.view_models.holds import HoldsView
from queries import sql_tree

if TYPE_CHECKING:
    import duckdb

OF_OLD_DAYS = {
    "pages/investigate/score_history": "the score of other days, said to be so",
    "pages/investigate/bands": "where the bands begin",
}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in queries.names("pages")
        if any(column.name == "score_band" for column in queries.get(name).returns)
        and name not in OF_OLD_DAYS
    ],
)
def test_a_band_on_a_page_is_that_of_the_probability(name: str) -> None:
    """No page reads the band of the score alone, which is another number."""
    assert "scores.scores" not in sql_tree.tables(queries.get(name).sql)


def test_no_page_shows_two_bands_of_one_subject(con: duckdb.DuckDBPyConnection) -> None:
    """Over all subjects of a build: graph, case, queue and head agree."""
    truth = con.sql(
        "select entity_type || ':' || entity_id as node_key, score_band from alerts.probabilities"
    ).pl()
    keys = truth["node_key"].to_list()
    nobody = {"moved_keys": [], "moved_cases": []}
    shown = [
        queries.run(con, "pages/graph/named_nodes", node_keys=keys),
        queries.run(con, "pages/case/members", case_id="", keys=keys, **nobody),
        con.sql(
            "select entity_type || ':' || entity_id as node_key, score_band from alerts.alerts "
            "where lane <> 'unproven'"
        ).pl(),
    ]
    for rows in shown:
        both = rows.select("node_key", "score_band").join(truth, on="node_key", suffix="_truth")
        assert len(both)
        assert both.filter(pl.col("score_band").ne_missing(pl.col("score_band_truth"))).is_empty()


def test_what_explains_the_score_names_no_band(con: duckdb.DuckDBPyConnection) -> None:
    """Of whom the score alone would stand in another band than the probability does."""
    apart = con.sql(
        "select entity_type, entity_id, score_band, model_band from alerts.probabilities "
        "where model_band is distinct from score_band and model_band is not null "
        "order by probability desc, entity_id limit 20"
    ).pl()
    assert len(apart)
    for row in apart.iter_rows(named=True):
        who = {"entity_type": row["entity_type"], "entity_id": row["entity_id"]}
        keys = [f"{row['entity_type']}:{row['entity_id']}"]
        entity = queries.run(con, "pages/investigate/entity", keys=keys)
        others = [
            queries.run(con, f"pages/investigate/{name}", keys=keys)
            for name in ("score", "score_history", "typologies")
        ]
        head = HeaderView.of(entity, *others)
        assert head.band == row["score_band"]
        stability = queries.run(con, "pages/investigate/stability", **who)
        holds = HoldsView.of(row["entity_type"], 0.5, None, stability)
        said = f"{holds.headline} {holds.near_text} {head.sources} {head.place}"
        assert not [label for label in BAND_LABELS.values() if label in said]
