"""Laws of the explanations stage: base plus contributions is the margin; peers are real."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from pipeline.explaining import contributions as contribution_rows
from pipeline.explaining import stage as explanations
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import training_set
from pipeline.learning.model import BoostedTrainer
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import ModelSettings
from pipeline.tables import read_features
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.treeshap import contributions
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

SETTINGS = Settings(model=ModelSettings(trees=30))
CALM = tiny.name("merchant", 150)
"""A shop that nothing makes suspicious but its signals."""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Scored and explained."""
    made = tiny.build()
    scores.write(made, SETTINGS, tiny.unheard, packs_in_use=[])
    reseed(made)
    alert(made, "merchant", CALM)
    explanations.write(made, SETTINGS, tiny.unheard)
    return made


def alert(con: duckdb.DuckDBPyConnection, kind: str, entity_id: str) -> None:
    """Strong signals at one entity, and weak ones at another."""
    for name, strength in ((entity_id, 0.8), (tiny.name(kind, 151), 0.7)):
        found = {"entity_type": kind, "entity_id": name, "as_of": tiny.AS_OF, "typology": "T1"}
        given = pl.DataFrame([found | {"strength": strength, "is_primary": True}])
        con.register("_signals", given)
        con.execute("insert into scores.typologies by name select * from _signals")
        con.unregister("_signals")


def reseed(con: duckdb.DuckDBPyConnection) -> None:
    """Leave two replicas of the merchants' model with other seeds, and none of the buyers'."""
    labels = matured_labels(con, tiny.AS_OF, SETTINGS.labels)
    rows = training_set(con, "merchant", labels, SETTINGS.labels)
    texts = [BoostedTrainer(replace(SETTINGS.model, seed=seed)).fit(rows).text for seed in (1, 2)]
    told = {"entity_type": ["merchant"] * 2, "replica": [1, 2], "model_text": texts}
    tiny.put(con, "scores.replicas", pl.DataFrame(told))


@pytest.fixture(scope="module")
def parts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every contribution."""
    found: pl.DataFrame = con.sql("select * from explanations.contributions").pl()
    return found


def test_base_plus_contributions_is_the_margin(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """For every scored entity of the latest snapshot, to one part in a million."""
    bases = con.sql("select entity_type, base_margin from explanations.bases").pl()
    latest = con.sql("select * from scores.scores").pl().filter(pl.col("as_of") == tiny.AS_OF)
    total = parts.group_by("entity_type", "entity_id").agg(pl.col("contribution").sum())
    both = latest.join(total, on=["entity_type", "entity_id"]).join(bases, on="entity_type")
    assert both.height == latest.height
    gap = both["contribution"] + both["base_margin"] - both["margin"]
    assert (gap.abs() <= 1e-6 * both["margin"].abs().clip(1e-3)).all()


def test_values_are_the_features(con: duckdb.DuckDBPyConnection, parts: pl.DataFrame) -> None:
    """The value shown is the value stored, unknown included."""
    stored = con.sql("select * from features.buyer").pl().filter(pl.col("as_of") == tiny.AS_OF)
    for feature in ("burst_7d", "often_null_30d"):
        shown = parts.filter((pl.col("entity_type") == "buyer") & (pl.col("feature") == feature))
        both = shown.join(stored, left_on="entity_id", right_on="buyer_id")
        assert both["value"].equals(both[feature].alias("value"), null_equal=True)


def test_ranks_count_down_the_strength(parts: pl.DataFrame) -> None:
    """Rank 1 moves the score most, and ranks are 1..n for everybody."""
    ordered = parts.sort("entity_type", "entity_id", "rank").with_columns(
        size=pl.col("contribution").abs()
    )
    who = ["entity_type", "entity_id"]
    assert (ordered.select(pl.col("size").diff().over(who).max())["size"] <= 0).all()
    assert ordered.select((pl.col("rank") == pl.int_range(1, pl.len() + 1).over(who)).all()).item()


def test_peers_are_the_narrowest_group_that_is_large_enough(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """Ten in a market are too few, then all markets stand in; ten of an age, then everybody."""
    sellers = parts.filter(pl.col("entity_type") == "merchant")
    groups = sizes(con, "merchant")
    assert set(groups) == set(sellers["peer_group"])
    settled = "home, 90 to 364 days old"
    assert groups == {
        f"US / {settled}": 140,
        f"all markets / {settled}": 150,
        "all merchants": 160,
    }
    where = dict(sellers.select("entity_id", "peer_group").unique().iter_rows())
    assert where[tiny.name("merchant", 0)] == f"all markets / {settled}"
    assert where[tiny.name("merchant", 159)] == "all merchants"


def sizes(con: duckdb.DuckDBPyConnection, kind: str) -> dict[str, int]:
    """Members of each peer group of a type."""
    usual = con.sql(f"select * from explanations.peers where entity_type = '{kind}'").pl()
    return dict(usual.select("peer_group", "peer_count").unique().iter_rows())


def test_buyers_have_no_category_to_widen_from(con: duckdb.DuckDBPyConnection) -> None:
    """Beyond their market they are compared with all buyers of their age."""
    groups = sizes(con, "buyer")
    settled = "90 to 364 days old"
    assert groups == {f"US, {settled}": 280, f"all buyers, {settled}": 290, "all buyers": 300}


def test_peer_quartiles_are_those_of_the_group(con: duckdb.DuckDBPyConnection) -> None:
    """Median and quartiles recompute from the feature table."""
    values = (
        con.sql("select * from features.merchant")
        .pl()
        .filter(
            (pl.col("as_of") == tiny.AS_OF)
            & pl.col("merchant_id").is_in([tiny.name("merchant", n) for n in range(10, 150)])
        )["order_count_30d"]
    )
    usual = con.sql("select * from explanations.peers").pl()
    shown = usual.row(
        by_predicate=(pl.col("feature") == "order_count_30d")
        & (pl.col("peer_group") == "US / home, 90 to 364 days old")
        & (pl.col("entity_type") == "merchant"),
        named=True,
    )
    assert shown["peer_median"] == pytest.approx(values.median())
    assert shown["peer_low"] == pytest.approx(values.quantile(0.25, "linear"))
    assert shown["peer_high"] == pytest.approx(values.quantile(0.75, "linear"))


def test_the_planted_feature_matters_most(con: duckdb.DuckDBPyConnection) -> None:
    """Global importance puts a feature that was planted above the noise."""
    ranked = con.sql("select * from explanations.global_importance order by rank").pl()
    for kind in ("merchant", "buyer"):
        names = ranked.filter(pl.col("entity_type") == kind)["feature"].to_list()
        assert names[0] in {"burst_7d", "shared_device_rate_30d"}
        assert len(names) == 5


def models(con: duckdb.DuckDBPyConnection, kind: str) -> tuple[list[TreeModel], Calibration]:
    """The model of a type, then its replicas; and its calibration."""
    files = "select model_text, calibration_slope, calibration_intercept from scores.model_files"
    [(text, *line)] = con.execute(f"{files} where entity_type = '{kind}'").fetchall()
    more = f"select model_text from scores.replicas where entity_type = '{kind}' order by replica"
    texts = [text, *(row[0] for row in con.execute(more).fetchall())]
    return [TreeModel.of(one) for one in texts], Calibration(*line)


def test_whiskers_reach_from_the_least_to_the_most_that_any_seed_says(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame
) -> None:
    """For entities that somebody reads about; the others have none."""
    known, _ = models(con, "merchant")
    assert len(known) == 3
    ids, matrix = read_features(con, "merchant", tiny.AS_OF, known[0].features)
    told = np.stack([contributions(one, matrix)[:, :-1] for one in known])
    where = {name: place for place, name in enumerate(ids)}
    read_about, seen = hot(con, "merchant"), set()
    for row in parts.filter(pl.col("entity_type") == "merchant").iter_rows(named=True):
        said = told[:, where[row["entity_id"]], known[0].features.index(row["feature"])]
        seen.add(row["entity_id"] in read_about)
        if row["entity_id"] not in read_about:
            assert (row["low"], row["high"]) == (None, None)
        else:
            assert row["low"] == pytest.approx(said.min(), abs=1e-9)
            assert row["high"] == pytest.approx(said.max(), abs=1e-9)
            assert row["low"] <= row["contribution"] <= row["high"]
    assert seen == {True, False}


def test_who_is_read_about_has_a_range(con: duckdb.DuckDBPyConnection) -> None:
    """Above LOW, at half its edge or more, or calm with signals that open an alert."""
    stable = con.sql("select entity_id from explanations.stability where entity_type = 'merchant'")
    latest = con.sql(f"from scores.scores where as_of = '{tiny.AS_OF}'").pl()
    scored = dict(latest.select("entity_id", "score").iter_rows())
    shown = set(stable.pl()["entity_id"])
    assert shown == hot(con, "merchant")
    assert scored[CALM] < SETTINGS.bands.medium * SETTINGS.explanations.near_share
    assert CALM in shown
    assert any(0.05 <= scored[one] < SETTINGS.bands.medium for one in shown)


def hot(con: duckdb.DuckDBPyConnection, kind: str) -> set[str]:
    """Entities that somebody reads about, by the table of scores."""
    latest = f"where as_of = '{tiny.AS_OF}' and entity_type = '{kind}'"
    near = SETTINGS.bands.medium * SETTINGS.explanations.near_share
    rows = con.execute(f"select entity_id from scores.scores {latest} and score >= {near}")
    return {row[0] for row in rows.fetchall()} | ({CALM} if kind == "merchant" else set())


def test_a_score_near_an_edge_says_so(con: duckdb.DuckDBPyConnection) -> None:
    """Its range over the seeds; an edge inside the range, and only then, is named."""
    known, line = models(con, "merchant")
    ids, matrix = read_features(con, "merchant", tiny.AS_OF, known[0].features)
    scored = np.stack([line.score(one.margin(matrix)) for one in known])
    where = {name: place for place, name in enumerate(ids)}
    stable = con.sql("select * from explanations.stability where entity_type = 'merchant'").pl()
    lines = (SETTINGS.bands.medium, SETTINGS.bands.high, SETTINGS.bands.critical)
    assert stable.height > 10
    for row in stable.iter_rows(named=True):
        said = scored[:, where[row["entity_id"]]]
        assert row["score_low"] == pytest.approx(said.min(), abs=1e-9)
        assert row["score_high"] == pytest.approx(said.max(), abs=1e-9)
        inside = [edge for edge in lines if said.min() < edge <= said.max()]
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


def test_references_are_real_rows_of_their_day(con: duckdb.DuckDBPyConnection) -> None:
    """Confirmed, cleared and ordinary ones: the values and score of the snapshot they name."""
    for kind in ("merchant", "buyer"):
        known, line = models(con, kind)
        sql = f"from explanations.reference where entity_type = '{kind}'"
        told = con.sql(f"select * {sql}").pl()
        bad, good = tiny.LABELLED[kind]
        sizes = dict(told["outcome"].value_counts().iter_rows())
        assert (sizes["confirmed"], sizes["cleared"]) == (bad, good)
        assert sizes["ordinary"] > 50
        assert told["entity_id"].is_unique().all()
        days = f"select f.* from features.{kind} as f join (select * {sql}) as r"
        rows = con.sql(f"{days} on f.{kind}_id = r.entity_id and f.as_of = r.as_of").pl()
        rows = told.select("entity_id").join(
            rows, left_on="entity_id", right_on=f"{kind}_id", maintain_order="left"
        )
        matrix = rows.select(pl.col(known[0].features).cast(pl.Float64)).to_numpy()
        np.testing.assert_allclose(told["score"], line.score(known[0].margin(matrix)), atol=1e-9)
        values = con.sql(f"select * from explanations.reference_values where entity_type='{kind}'")
        wide = values.pl().pivot("feature", index="entity_id", values="value")
        joined = told.select("entity_id").join(
            wide, on="entity_id", how="left", maintain_order="left"
        )
        for name in set(wide.columns) - {"entity_type", "entity_id"}:
            assert joined[name].equals(rows[name].cast(pl.Float64).alias(name))


def test_judged_ones_stand_as_they_were_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Never a snapshot later than two weeks after the verdict: that shows what came of it."""
    told = con.sql("select * from explanations.reference where outcome <> 'ordinary'").pl()
    latest = tiny.KNOWN.date().toordinal() + SETTINGS.labels.after_days
    assert max(day.toordinal() for day in told["as_of"]) <= latest
    bad = told.filter(pl.col("outcome") == "confirmed")
    assert min(bad["as_of"]) > tiny.EVENT.date()


def test_the_background_is_real_entities_of_every_level(con: duckdb.DuckDBPyConnection) -> None:
    """As many rows as asked for, spread over the order of scores."""
    for kind in ("merchant", "buyer"):
        known, _ = models(con, kind)
        rows = con.sql(f"select * from explanations.background where entity_type = '{kind}'").pl()
        assert rows["row"].n_unique() == SETTINGS.explanations.background_rows
        wide = rows.pivot("feature", index="row", values="value").sort("row")
        asked = [name for name in known[0].features if name in wide.columns]
        _, matrix = read_features(con, kind, tiny.AS_OF, tuple(asked))
        real = {tuple(np.nan_to_num(row, nan=-1e9)) for row in matrix}
        for row in wide.select(asked).fill_null(-1e9).iter_rows():
            assert tuple(row) in real


def test_rows_written_in_parts_are_the_same_rows(
    con: duckdb.DuckDBPyConnection, parts: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few entities are written at once, in the same order."""
    monkeypatch.setattr(contribution_rows, "_ENTITIES_AT_ONCE", 7)
    explanations.write(con, SETTINGS, tiny.unheard)
    assert con.sql("select * from explanations.contributions").pl().equals(parts)
