"""A challenger scores in the shadow: it changes no table that anything acts on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import pipeline
import queries
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import ChallengerSettings, ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

SHADOW = ("challengers", "shadow_scores", "agreement", "comparison")
OWN = ModelSettings(trees=20, extra_trees=20, replicas=2)
SMALL = ChallengerSettings(trees=30)


def built(challenger: ChallengerSettings) -> duckdb.DuckDBPyConnection:
    """The tiny marketplace, scored."""
    connection = tiny.build()
    own = Settings(model=OWN, challenger=challenger)
    scores.write(connection, own, tiny.unheard, packs_in_use=[])
    return connection


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """With a challenger."""
    with built(SMALL) as connection:
        yield connection


@pytest.fixture(scope="module")
def alone() -> Iterator[duckdb.DuckDBPyConnection]:
    """Without one."""
    with built(ChallengerSettings(is_scored=False)) as connection:
        yield connection


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Of schema scores, without those of the shadow."""
    names = con.sql("select table_name from duckdb_tables() where schema_name = 'scores'")
    return sorted({name for (name,) in names.fetchall()} - set(SHADOW))


def test_every_other_table_is_the_same_to_the_bit(
    con: duckdb.DuckDBPyConnection, alone: duckdb.DuckDBPyConnection
) -> None:
    """Scores, bands, models, evaluation and so on, with a challenger and without."""
    assert tables(con) == tables(alone)
    assert {"scores", "model_files", "models", "cohorts"} <= set(tables(con))
    for name in tables(con):
        ours, theirs = (
            one.sql(f"select * from scores.{name} order by all").pl() for one in (con, alone)
        )
        if name == "judged_places":
            ours, theirs = (one.drop("challenger_place") for one in (ours, theirs))
        assert ours.equals(theirs), name


def test_nothing_but_the_page_reads_the_shadow() -> None:
    """No query that builds a table, and no stage: alerts and queue cannot know of it."""
    read = re.compile(rf"scores\.({'|'.join(SHADOW)})\b")
    own = Path(str(queries.__file__)).parent
    readers = {
        path.relative_to(own).parts[:2]
        for path in own.rglob("*.sql")
        if read.search(path.read_text(encoding="utf-8"))
    }
    assert readers == {("pages", "model")}
    stages = Path(str(pipeline.__file__)).parent
    sql = re.compile(rf"(?:from|join) scores\.({'|'.join(SHADOW)})\b")
    assert not [
        path for path in stages.rglob("*.py") if sql.search(path.read_text(encoding="utf-8"))
    ]


def test_without_one_there_is_nothing_to_show(alone: duckdb.DuckDBPyConnection) -> None:
    """Empty tables, no made-up agreement."""
    for name in SHADOW:
        assert queries.row_count(alone, f"scores.{name}") == 0


def test_a_promotion_swaps_the_two(con: duckdb.DuckDBPyConnection) -> None:
    """What was in the shadow scores the type, and the other is its challenger; others stay."""
    promoted = ChallengerSettings(trees=30, promoted=("buyer",))
    with built(promoted) as after:
        roles = "select entity_type, role, model_version from scores.challengers order by all"
        before, now = (
            {(kind, role): version for kind, role, version in one.sql(roles).fetchall()}
            for one in (con, after)
        )
        swapped = {
            (kind, {"in_use": "challenger", "challenger": "in_use"}[role])
            if kind == "buyer"
            else (kind, role): version
            for (kind, role), version in before.items()
        }
        assert now == swapped
        card = "select model_version from scores.models where entity_type = 'buyer'"
        assert queries.scalar(after, card) == before["buyer", "challenger"]


def test_one_fact_a_tree(con: duckdb.DuckDBPyConnection) -> None:
    """The challenger's trees have a single split, so its margin is a sum of curves."""
    with built(ChallengerSettings(trees=30, promoted=("buyer",))) as after:
        text = queries.scalar(
            after, "select model_text from scores.model_files where entity_type = 'buyer'"
        )
    leaves = {int(one) for one in re.findall(r"^num_leaves=(\d+)$", text, re.MULTILINE)}
    assert leaves == {2}
    assert queries.row_count(con, "scores.challengers") == 4


def test_positions_and_overlaps_are_those_of_the_scores(con: duckdb.DuckDBPyConnection) -> None:
    """Everybody unjudged, counted from the highest score down, by sorting once more."""
    shadow = con.sql("select * from scores.shadow_scores where entity_type = 'buyer'").pl()
    judged = con.sql("select distinct entity_id from staging.labels").pl()["entity_id"]
    today = con.sql(
        "select entity_id, score from scores.scores where entity_type = 'buyer' "
        f"and as_of = date '{tiny.AS_OF}'"
    ).pl()
    listed = today.filter(~pl.col("entity_id").is_in(judged.implode()))
    ordered = sorted(listed.iter_rows(), key=lambda row: (-row[1], row[0]))
    expected = [entity_id for entity_id, _ in ordered]
    assert shadow.sort("position")["entity_id"].to_list() == expected
    agreement = con.sql("select * from scores.agreement where entity_type = 'buyer'").pl()
    for at_k, value in (
        agreement.filter(pl.col("measure") == "overlap").select("at_k", "value").rows()
    ):
        firsts = [set(shadow.sort(name)["entity_id"].head(at_k)) for name in
                  ("position", "challenger_position")]  # fmt: skip
        assert value == pytest.approx(len(firsts[0] & firsts[1]) / at_k)
    ranks = shadow.select(pl.corr("position", "challenger_position", method="spearman")).item()
    rho = agreement.filter(pl.col("measure") == "rank_correlation")["value"].item()
    assert rho == pytest.approx(ranks)
