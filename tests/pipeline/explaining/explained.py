"""A scored and explained marketplace, for the tests of everything that explains it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.explaining import stage as explanations
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import training_set
from pipeline.learning.model import BoostedTrainer
from pipeline.scoring import stage as scores
from pipeline.settings.build import ExplanationSettings, Settings
from pipeline.settings.models import ModelSettings
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

SETTINGS = Settings(
    model=ModelSettings(trees=30), explanations=ExplanationSettings(stores_everybody=True)
)
CALM = tiny.name("merchant", 150)
"""A shop that nothing makes suspicious but its signals."""


def build() -> duckdb.DuckDBPyConnection:
    """Scored and explained."""
    con = tiny.build()
    scores.write(con, SETTINGS, tiny.unheard, packs_in_use=[])
    _reseed(con)
    _alert(con, "merchant", CALM)
    explanations.write(con, SETTINGS, tiny.unheard)
    return con


def _alert(con: duckdb.DuckDBPyConnection, entity_type: str, entity_id: str) -> None:
    """Strong signals at one entity, and weak ones at another."""
    for name, strength in ((entity_id, 0.8), (tiny.name(entity_type, 151), 0.7)):
        who = {"entity_type": entity_type, "entity_id": name, "as_of": tiny.AS_OF}
        row = who | {"typology": "T1", "strength": strength, "is_primary": True}
        con.register("_signals", pl.DataFrame([row]))
        con.execute("insert into scores.typologies by name select * from _signals")
        con.unregister("_signals")


def _reseed(con: duckdb.DuckDBPyConnection) -> None:
    """Leave two replicas of the merchants' model with other seeds, and none of the buyers'."""
    labels = matured_labels(con, tiny.AS_OF, SETTINGS.labels)
    rows = training_set(con, "merchant", labels)
    texts = [
        BoostedTrainer(replace(SETTINGS.model, seed=seed)).bins(rows).model().text
        for seed in (1, 2)
    ]
    columns = {"entity_type": ["merchant"] * 2, "replica": [1, 2], "model_text": texts}
    tiny.put(con, "scores.replicas", pl.DataFrame(columns))


def models(con: duckdb.DuckDBPyConnection, entity_type: str) -> tuple[list[TreeModel], Calibration]:
    """The model of a type, then its replicas; and its calibration."""
    own = f"where entity_type = '{entity_type}'"
    files = "select model_text, calibration_slope, calibration_intercept from scores.model_files"
    [(text, *calibration)] = con.execute(f"{files} {own}").fetchall()
    more = f"select model_text from scores.replicas {own} order by replica"
    texts = [text, *(row[0] for row in con.execute(more).fetchall())]
    return [TreeModel.of(one) for one in texts], Calibration(*calibration)


def read_about(con: duckdb.DuckDBPyConnection, entity_type: str) -> set[str]:
    """Entities that somebody reads about, by the table of scores."""
    latest = f"where as_of = '{tiny.AS_OF}' and entity_type = '{entity_type}'"
    near = SETTINGS.bands.medium * SETTINGS.explanations.near_share
    rows = con.execute(f"select entity_id from scores.scores {latest} and score >= {near}")
    return {row[0] for row in rows.fetchall()} | ({CALM} if entity_type == "merchant" else set())
