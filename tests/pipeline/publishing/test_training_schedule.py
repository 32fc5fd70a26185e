"""Models stand for a week, and not a day longer than what they rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.learning.standing import TRAINED_TABLES
from pipeline.publishing.training_schedule import TrainingSchedule
from pipeline.settings.build import Settings
from tests.pipeline import tiny
from tests.pipeline.scoring import scored

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)
TODAY = tiny.AS_OF
FIRST_ORDER = datetime(2026, 2, 1, 9)  # noqa: DTZ001 - UTC without a zone, as stored


def orders(prefix: str = "ord") -> pl.DataFrame:
    """Ten orders of the first day."""
    rows = [(f"{prefix}_{n}", "buy_1", "mer_1", FIRST_ORDER, FIRST_ORDER.date()) for n in range(10)]
    schema = ["order_id", "buyer_id", "merchant_id", "created_at", "day"]
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture(scope="module")
def trained() -> duckdb.DuckDBPyConnection:
    """A marketplace whose models were trained today."""
    con = scored.build()
    con.execute("create schema meta")
    tiny.put(con, "staging.orders", orders())
    tiny.put(con, "meta.build", pl.DataFrame({"as_of": [TODAY]}))
    row = {"trained_on": [TODAY], "recipe": ["same"]}
    tiny.put(con, "meta.training", pl.DataFrame(row))
    return con


@pytest.fixture
def served(trained: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    """The same as the served file."""
    path = tmp_path / "served.duckdb"
    with duckdb.connect(str(path)) as con:
        names = [f"scores.{name}" for name in (*TRAINED_TABLES, "packs")]
        for name in (*names, "staging.orders", "meta.build", "meta.training"):
            con.execute(f"create schema if not exists {name.partition('.')[0]}")
            tiny.put(con, name, trained.sql(f"from {name}").pl())
    return path


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """The marketplace tomorrow, before it is scored."""
    later = scored.fired()
    tiny.put(later, "staging.orders", orders())
    newest = "select * replace (as_of + 1 as as_of) from facts.snapshots where is_latest"
    later.execute(f"insert into facts.snapshots {newest}")
    return later


def schedule(served: Path, **changed: object) -> TrainingSchedule:
    """Of the served file, with what it was made with."""
    own = TrainingSchedule(served, "same", scored.SETTINGS)
    return replace(own, **changed)


def test_models_score_the_next_day(served: Path, con: duckdb.DuckDBPyConnection) -> None:
    """A day later they stand, `meta.training` keeps their day, and the build says when it ends."""
    own = schedule(served)
    standing = own.standing(con)
    assert standing is not None
    assert standing.trained_on == TODAY
    assert [one.entity_type for one in standing.in_use] == ["buyer", "merchant"]
    assert con.sql("select trained_on, reason from meta.training").fetchall() == [(TODAY, None)]
    assert "the next training is due in 6 days" in own.note


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"is_asked": True}, "it was asked for"),
        ({"recipe": "other"}, "code, libraries, packs or settings have changed"),
        ({"settings": Settings(scores_folder="theirs")}, "scores of another model"),
    ],
)
def test_what_changed_asks_for_a_training(
    served: Path, con: duckdb.DuckDBPyConnection, changed: dict[str, object], reason: str
) -> None:
    """And the build says what it was."""
    own = schedule(served, **changed)
    assert own.standing(con) is None
    assert reason in own.note
    ((said,),) = con.sql("select reason from meta.training").fetchall()
    assert reason in said


def test_without_an_earlier_build_models_are_trained(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """The first build trains."""
    own = schedule(tmp_path / "none.duckdb")
    assert own.standing(con) is None
    assert "there is no earlier build" in own.note


def test_the_same_day_again_is_trained_again(served: Path) -> None:
    """Only what came on another day could have waited: new decisions of today teach at once."""
    again = scored.fired()
    tiny.put(again, "staging.orders", orders())
    own = schedule(served)
    assert own.standing(again) is None
    assert "of no earlier day" in own.note


def test_a_week_ends(served: Path, con: duckdb.DuckDBPyConnection) -> None:
    """After so many days as the settings say."""
    con.execute("update facts.snapshots set as_of = as_of + 6 where as_of = $day",
                {"day": TODAY + DAY})  # fmt: skip
    own = schedule(served)
    assert own.standing(con) is None
    assert f"the last training was on {TODAY}" in own.note


def test_a_first_model_does_not_wait(served: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Creators had too few verdicts; once they have enough, all are trained."""
    for number in range(40):
        con.execute("insert into staging.labels select * replace ("
                    "label_id || $n as label_id, 'crt_x' || $n as entity_id, "
                    "if($n < 12, 'bad', 'good') as label) "
                    "from staging.labels where entity_type = 'creator' limit 1",
                    {"n": number})  # fmt: skip
    own = schedule(served)
    assert own.standing(con) is None
    assert "verdicts on a creator are enough for a first model" in own.note


def test_another_marketplace_is_trained(served: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Models of other shops say nothing of these."""
    tiny.put(con, "staging.orders", orders("other"))
    own = schedule(served)
    assert own.standing(con) is None
    assert "another marketplace" in own.note


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        (None, "No model was trained: too few verdicts are in."),
        ("scores", "No model was trained: scores of another model came with the delivery."),
    ],
)
def test_a_build_without_a_model_claims_no_training(
    folder: str | None, said: str, con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A marketplace that nobody judged, and one whose scores were handed over."""
    settings = replace(scored.SETTINGS, scores_folder=tmp_path / folder if folder else None)
    own = TrainingSchedule(tmp_path / "none.duckdb", "same", settings)
    con.execute("create schema if not exists scores; create schema if not exists meta")
    con.execute("create or replace table scores.model_files (entity_type varchar)")
    assert own.standing(con) is None
    own.conclude(con)
    assert own.note == said
    con.execute("insert into scores.model_files values ('buyer')")
    assert own.standing(con) is None
    own.conclude(con)
    assert own.note.startswith("Models were trained on")
