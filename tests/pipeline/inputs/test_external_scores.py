"""Somebody else's scores replace ours: checked first, then met by every later stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import queries
from pipeline.errors import InputError
from pipeline.explaining import stage as explanations
from pipeline.inputs.external_scores import load
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

pytestmark = pytest.mark.slow  # fits models

BASE = -1.5


def theirs() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores of every merchant on two days, and contributions of two features that add up."""
    random = np.random.default_rng(2)
    names = [tiny.name("merchant", n) for n in range(tiny.SIZES["merchant"])]
    rows = [
        ("merchant", one, day, random.normal(), random.normal())
        for day in (tiny.DAYS[-1], tiny.DAYS[-2])
        for one in names
    ]
    wide = pl.DataFrame(
        rows, schema=["entity_type", "entity_id", "as_of", "burst_7d", "noise_30d"], orient="row"
    )
    margin = BASE + 2.0 * pl.col("burst_7d") + 0.5 * pl.col("noise_30d")
    scored = wide.with_columns(margin=margin).with_columns(
        score=1 / (1 + (-pl.col("margin")).exp())
    )
    key = ["entity_type", "entity_id", "as_of"]
    long = wide.unpivot(["burst_7d", "noise_30d"], index=key, variable_name="feature")
    times = pl.when(pl.col("feature") == "burst_7d").then(2.0).otherwise(0.5)
    return scored.select(*key, "margin", "score"), long.with_columns(
        contribution=times * pl.col("value")
    )


def folder(
    path: Path,
    change: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
    parts: Callable[[pl.DataFrame], pl.DataFrame] = lambda frame: frame,
) -> Path:
    """A folder of scores with something changed."""
    scored, long = theirs()
    change(scored).write_parquet(path / "scores.parquet")
    parts(long).write_parquet(path / "contributions.parquet")
    return path


def settings(path: Path) -> Settings:
    """Ours, with their scores."""
    return Settings(model=ModelSettings(trees=20), scores_folder=str(path))


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Scored by them and explained."""
    own = settings(folder(tmp_path_factory.mktemp("theirs")))
    connection = tiny.build()
    scores.write(connection, own, tiny.unheard, packs_in_use=[])
    explanations.write(connection, own, tiny.unheard)
    yield connection
    connection.close()


def merchants(con: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """Merchant rows of a table."""
    rows: pl.DataFrame = con.sql(f"select * from {table} where entity_type = 'merchant'").pl()
    return rows


def test_their_scores_stand_for_ours(con: duckdb.DuckDBPyConnection) -> None:
    """Every merchant has the handed-over score, with our bands; buyers keep our model."""
    expected = theirs()[0].sort("entity_id", "as_of")
    rows = merchants(con, "scores.scores").sort("entity_id", "as_of")
    assert rows["score"].to_list() == expected["score"].to_list()
    assert rows["margin"].to_list() == expected["margin"].to_list()
    assert set(rows["score_band"]) == {"LOW", "MED", "HIGH", "CRIT"}
    types = con.sql("select distinct entity_type from scores.model_files").fetchall()
    assert types == [("buyer",)]


def test_the_card_says_whose_model_it_is(con: duckdb.DuckDBPyConnection) -> None:
    """The version is that of the files; nothing is claimed about its quality."""
    card = merchants(con, "scores.models").row(0, named=True)
    assert card["calibrated_on"] == "handed over"
    assert len(card["model_version"]) == 12
    assert card["auprc"] is None
    assert merchants(con, "scores.evaluation").is_empty()


def test_margins_that_are_no_log_odds_of_their_scores_are_points(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Theirs are log odds; a hundred thousand times as much is none. Ours are, as calibrated."""
    tables = "create or replace temp table kept as select * from scores.scores"
    con.execute(f"create schema if not exists meta; {tables}")
    con.execute("create or replace table meta.build as select date '2026-05-01' as as_of")
    assert all(margins(con).values())
    con.execute("update scores.scores set margin = margin * 1e5")
    assert [kind for kind, is_odds in margins(con).items() if not is_odds] == ["merchant"]
    con.execute("create or replace table scores.scores as select * from kept")


def margins(con: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """By type whether its margins are said as odds."""
    return dict(queries.run(con, "pages/model/models").select("entity_type", "is_log_odds").rows())


def test_their_contributions_are_explained_as_they_are(con: duckdb.DuckDBPyConnection) -> None:
    """Base plus contributions is their margin, and values stand beside what is usual."""
    base = merchants(con, "explanations.bases")["base_margin"].item()
    assert base == pytest.approx(BASE)
    rows = merchants(con, "explanations.contributions")
    total = rows.group_by("entity_id").agg(total=pl.col("contribution").sum() + base)
    latest = theirs()[0].filter(pl.col("as_of") == tiny.AS_OF)
    both = total.join(latest, on="entity_id")
    assert both.height == tiny.SIZES["merchant"]
    np.testing.assert_allclose(both["total"], both["margin"], atol=1e-9)
    usual = merchants(con, "explanations.peers")
    assert usual["peer_median"].is_not_null().all()
    grouped = rows.join(merchants(con, "explanations.peer_groups"), on="entity_id")
    assert grouped.height == rows.height
    assert grouped.join(usual, on=["peer_group", "feature"], how="anti").is_empty()
    assert rows["low"].is_null().all()


def test_what_needs_trees_has_no_rows_of_theirs(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing is made up for questions that only a model text could answer."""
    for table in ("stability", "background", "reference"):
        assert merchants(con, f"explanations.{table}").is_empty(), table


def test_scores_alone_are_enough(tmp_path: Path) -> None:
    """Without contributions, and without a margin, the log odds serve and nobody is explained."""
    folder(tmp_path, lambda frame: frame.drop("margin"))
    (tmp_path / "contributions.parquet").unlink()
    connection = tiny.build()
    scores.write(connection, settings(tmp_path), tiny.unheard, packs_in_use=[])
    explanations.write(connection, settings(tmp_path), tiny.unheard)
    rows = merchants(connection, "scores.scores")
    odds = np.log(rows["score"] / (1 - rows["score"]))
    np.testing.assert_allclose(rows["margin"], odds, atol=1e-9)
    assert merchants(connection, "explanations.contributions").is_empty()


REFUSED = {
    "lacks the columns": lambda f: f.drop("score"),
    "its type is String": lambda f: f.with_columns(pl.col("score").cast(pl.String)),
    "outside 0..1": lambda f: f.with_columns(score=pl.col("score") * 3),
    "null or not finite": lambda f: f.with_columns(score=pl.lit(None, dtype=pl.Float64)),
    "repeat an entity": lambda f: pl.concat([f, f.head(2)]),
    "not known": lambda f: f.with_columns(entity_type=pl.lit("shop")),
    "do not hold": lambda f: f.with_columns(entity_id=pl.lit("x") + pl.col("entity_id")),
    "the last day": lambda f: f.filter(pl.col("as_of") < tiny.AS_OF),
}


@pytest.mark.parametrize("said", REFUSED)
def test_broken_scores_are_refused_in_three_parts(said: str, tmp_path: Path) -> None:
    """What was found and where, what was expected, what to do."""
    folder(tmp_path, REFUSED[said])
    (tmp_path / "contributions.parquet").unlink()
    with pytest.raises(InputError, match=said) as caught:
        scores.write(tiny.build(), settings(tmp_path), tiny.unheard, packs_in_use=[])
    assert "scores.parquet" in caught.value.found
    assert caught.value.expected
    assert caught.value.remedy


def test_contributions_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    """A contribution on another scale than the margin is met before anybody reads it."""
    folder(tmp_path, parts=lambda f: f.with_columns(contribution=pl.col("contribution") * 1.1))
    with pytest.raises(InputError, match="miss its margin"):
        load(tmp_path)


def test_contributions_without_a_score_are_refused(tmp_path: Path) -> None:
    """Whoever is explained is scored."""
    folder(tmp_path, lambda f: f.filter(pl.col("entity_id") != tiny.name("merchant", 3)))
    with pytest.raises(InputError, match="no score"):
        load(tmp_path)


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    """The refusal names the missing file."""
    with pytest.raises(InputError, match=r"There is no .*scores\.parquet"):
        load(tmp_path)


def test_other_files_another_version(tmp_path: Path) -> None:
    """One changed score is another model."""
    first = load(folder(tmp_path)).version
    assert load(folder(tmp_path)).version == first
    (tmp_path / "contributions.parquet").unlink()
    changed = theirs()[0].with_columns(score=pl.col("score") / 2)
    changed.write_parquet(tmp_path / "scores.parquet")
    assert load(tmp_path).version != first
