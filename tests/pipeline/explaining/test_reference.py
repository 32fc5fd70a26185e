"""Precedents and the background are real rows of their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tables import read_features
from tests.pipeline import tiny
from tests.pipeline.explaining.explained import SETTINGS, models

if TYPE_CHECKING:
    import duckdb


def low(con: duckdb.DuckDBPyConnection, entity_type: str) -> set[str]:
    """Who is Low today."""
    today = f"where entity_type = '{entity_type}' and as_of = '{tiny.AS_OF}'"
    below = f"select entity_id from scores.scores {today} and score < {SETTINGS.bands.medium}"
    return {row[0] for row in con.execute(below).fetchall()}


def ordinary(references: pl.DataFrame) -> pl.Series:
    """Those who are no precedent."""
    return references.filter(pl.col("outcome") == "ordinary")["entity_id"]


def test_references_are_real_rows_of_their_day(con: duckdb.DuckDBPyConnection) -> None:
    """Confirmed, cleared and ordinary ones: the values and score of the snapshot they name."""
    for entity_type in ("merchant", "buyer"):
        ensembles, calibration = models(con, entity_type)
        sql = f"from explanations.reference where entity_type = '{entity_type}'"
        references = con.sql(f"select * {sql}").pl()
        bad, good = tiny.LABELLED[entity_type]
        sizes = dict(references["outcome"].value_counts().iter_rows())
        assert (sizes["confirmed"], sizes["cleared"]) == (bad, good)
        unjudged = [tiny.name(entity_type, n) for n in range(bad + good, tiny.SIZES[entity_type])]
        assert set(ordinary(references)) == low(con, entity_type) & set(unjudged)
        assert sizes["ordinary"] > len(unjudged) / 2
        assert references["entity_id"].is_unique().all()
        days = f"select f.* from features.{entity_type} as f join (select * {sql}) as r"
        rows = con.sql(f"{days} on f.{entity_type}_id = r.entity_id and f.as_of = r.as_of").pl()
        rows = references.select("entity_id").join(
            rows, left_on="entity_id", right_on=f"{entity_type}_id", maintain_order="left"
        )
        matrix = rows.select(pl.col(ensembles[0].features).cast(pl.Float64)).to_numpy()
        np.testing.assert_allclose(
            references["score"], calibration.score(ensembles[0].margin(matrix)), atol=1e-9
        )
        values = con.sql(
            f"select * from explanations.reference_values where entity_type='{entity_type}'"
        )
        assert set(values.pl()["feature"]) == set(ensembles[0].features)
        wide = values.pl().pivot("feature", index="entity_id", values="value")
        joined = references.select("entity_id").join(
            wide, on="entity_id", how="left", maintain_order="left"
        )
        for name in set(wide.columns) - {"entity_type", "entity_id"}:
            assert joined[name].equals(rows[name].cast(pl.Float64).alias(name))


def test_judged_ones_stand_as_they_were_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Never a snapshot later than the verdict: that shows what came of it."""
    references = con.sql("select * from explanations.reference where outcome <> 'ordinary'").pl()
    assert max(references["as_of"]) <= tiny.KNOWN.date() < tiny.AS_OF
    bad = references.filter(pl.col("outcome") == "confirmed")
    assert min(bad["as_of"]) > tiny.EVENT.date()


def test_the_background_is_real_entities_of_every_level(con: duckdb.DuckDBPyConnection) -> None:
    """As many rows as asked for, spread over the order of scores."""
    for entity_type in ("merchant", "buyer"):
        ensembles, _ = models(con, entity_type)
        rows = con.sql(
            f"select * from explanations.background where entity_type = '{entity_type}'"
        ).pl()
        assert rows["row"].n_unique() == SETTINGS.explanations.background_rows
        wide = rows.pivot("feature", index="row", values="value").sort("row")
        names = [name for name in ensembles[0].features if name in wide.columns]
        _, matrix = read_features(con, entity_type, tiny.AS_OF, tuple(names))
        real = {tuple(np.nan_to_num(row, nan=-1e9)) for row in matrix}
        for row in wide.select(names).fill_null(-1e9).iter_rows():
            assert tuple(row) in real
