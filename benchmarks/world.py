"""What is planted in the sample marketplace, and how hard it is: the generator's self-test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built, world
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES
from sample_data.reviewing.measuring import planted_counts, separation

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path) -> None:
    """Print the planted counts and the largest single-feature areas of the default world."""
    raw, database = world(folder, SAMPLE_ORDERS), built(folder, SAMPLE_ORDERS).database
    stories = pl.read_parquet(raw / "truth" / "stories.parquet")
    show(
        "Planted stories",
        ("typology", "variant", "rings", "entities"),
        planted_counts(stories).rows(),
        "",
    )
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    wrong = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    rows = []
    with queries.connect(database) as con:
        for entity_type in ENTITY_TYPES:
            where = "where as_of = (select as_of from meta.build)"
            latest: pl.DataFrame = con.sql(f"select * from features.{entity_type} {where}").pl()
            bad = wrong.filter(pl.col("entity_type") == entity_type)["entity_id"].unique()
            is_bad = latest[f"{entity_type}_id"].is_in(bad.implode()).to_numpy()
            top = separation(latest, list(features(entity_type)), is_bad).row(0)
            rows.append((entity_type, int(is_bad.sum()), latest.height, top[0], top[1]))
    columns = ("entity type", "bad", "scored", "feature", "AUC")
    show("Largest single-feature area under the ROC curve", columns, rows, "The law is 0.9.")
