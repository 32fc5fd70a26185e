"""No row after a subject's verdict judges, calibrates, counts or stands as a precedent.

Verdicts are read from the delivered file here, without the code under test.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.explaining.reference import judged_rows
from pipeline.learning.label_maturity import Delays, Matured, matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.pu_learning import completed
from pipeline.settings.build import Settings
from queries.vocabulary import ENTITY_TYPES
from tests.laws.asking import rows

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

SETTINGS = Settings()
MODELLED = tuple(one for one in ENTITY_TYPES if one != "live_session")


@pytest.fixture(scope="module")
def first_verdicts(small_world: Path, built: Report) -> pl.DataFrame:
    """The last day on which each subject may be shown, `verdict`.

    The day on which somebody, or a rule, first called it bad; else that of the last clear
    verdict. Who was closed, reopened and looked at again, or convicted of what is told to have
    begun after the first conviction, has a day for each matter: of these it is the last.
    """
    labels = pl.read_parquet(small_world / "labels.parquet")
    labels = labels.filter(pl.col("known_at") < datetime.combine(built.as_of, time()))
    is_bad, decided_at = pl.col("label") == "bad", pl.col("decided_at")
    known_at, closed_at = pl.col("known_at"), decided_at.filter(is_bad).min()
    cleared_at = known_at.filter(~is_bad & (decided_at > closed_at)).min()
    anew = is_bad & (pl.col("event_at") > closed_at) & (pl.col("source") != "appeal")
    again = (
        ((known_at > cleared_at).fill_null(value=False) | anew.fill_null(value=False))
        .any()
        .alias("again")
    )
    first = pl.coalesce(closed_at, decided_at.max())
    days = labels.group_by("entity_type", "entity_id").agg(
        again, verdict=pl.when(again).then(decided_at.max()).otherwise(first).dt.date()
    )
    assert days["again"].mean() < 0.02  # type: ignore[operator]
    return days.drop("again")


@pytest.fixture
def labels(con: duckdb.DuckDBPyConnection, built: Report) -> Matured:
    """What may teach in this build."""
    delays = Delays.of(rows(con, "select * from scores.packs"))
    return Matured(matured_labels(con, built.as_of, SETTINGS.labels, delays), delays)


def late(judged: pl.DataFrame, first_verdicts: pl.DataFrame) -> pl.DataFrame:
    """Rows (entity_type, entity_id, as_of) that lie after the verdict on their subject."""
    both = judged.join(first_verdicts, on=["entity_type", "entity_id"], how="left")
    assert both["verdict"].null_count() == 0
    return both.filter(pl.col("as_of") > pl.col("verdict"))


def days_of(training: Training, entity_type: str) -> pl.DataFrame:
    """Whose rows these are, and of which day."""
    columns = {"entity_id": training.entity_id.astype(str), "as_of": training.day}
    return pl.DataFrame(columns).with_columns(
        pl.col("as_of").cast(pl.Date), entity_type=pl.lit(entity_type)
    )


@pytest.mark.parametrize("entity_type", MODELLED)
def test_no_row_that_teaches_or_judges_follows_the_verdict(
    entity_type: str,
    con: duckdb.DuckDBPyConnection,
    labels: Matured,
    first_verdicts: pl.DataFrame,
) -> None:
    """Of a build: training rows, the row that judges each subject, and what lifts count."""
    training = training_set(con, entity_type, labels.labels)
    counted = judged_rows(con, entity_type, labels.labels)
    for judged in (
        days_of(training, entity_type),
        counted.select("entity_id", "as_of", entity_type=pl.lit(entity_type)),
    ):
        assert judged.height > 30
        assert late(judged, first_verdicts).is_empty()


def test_no_precedent_follows_its_verdict(
    con: duckdb.DuckDBPyConnection, first_verdicts: pl.DataFrame
) -> None:
    """As they stand in the built file, where a page reads them."""
    sql = "select entity_type, entity_id, as_of from explanations.reference"
    precedents = rows(con, f"{sql} where outcome <> 'ordinary'")
    assert precedents.height > 100
    assert late(precedents, first_verdicts).is_empty()


def test_a_row_of_the_day_after_would_be_noticed(
    con: duckdb.DuckDBPyConnection, first_verdicts: pl.DataFrame
) -> None:
    """The laws above can fail: snapshots later than a verdict exist, and count as late."""
    everybody = rows(con, "select 'merchant' as entity_type, merchant_id as entity_id, as_of "
                          "from features.merchant")  # fmt: skip
    judged = everybody.join(first_verdicts, on=["entity_type", "entity_id"], how="semi")
    assert late(judged, first_verdicts).height > 100


@pytest.mark.parametrize("entity_type", MODELLED)
def test_the_earlier_pool_holds_whoever_was_judged_later(
    entity_type: str, con: duckdb.DuckDBPyConnection, labels: Matured, built: Report
) -> None:
    """Nobody knew of the verdicts to come, so they are among the presumed good; the judged not.

    And nothing in it is of a later day.
    """
    day = built.as_of - timedelta(days=35)
    pool = unlabelled(con, entity_type, labels, day)
    names, days = pool["entity_id"], pool["as_of"].cast(pl.Date)
    assert days.max() <= day  # type: ignore[operator]
    own = f"from staging.labels where entity_type = '{entity_type}'"
    before = rows(con, f"select entity_id {own} and known_at < '{day}'")["entity_id"]
    after = rows(con, f"select entity_id {own}")["entity_id"]
    assert not names.is_in(before.implode()).any()
    assert names.is_in(after.implode()).sum() > 0
    today = unlabelled(con, entity_type, labels, built.as_of)["entity_id"]
    assert not today.is_in(after.implode()).any()


def unlabelled(
    con: duckdb.DuckDBPyConnection, entity_type: str, labels: Matured, day: date
) -> pl.DataFrame:
    """Whose rows teach as presumed good on a day: found again by their values."""
    then = labels.on(con, day, SETTINGS.labels)
    own = training_set(con, entity_type, then.labels)
    since = then.silent_since(entity_type, day)
    whole = completed(con, entity_type, own, day, since, SETTINGS.model)
    names = list(whole.features)
    columns = ", ".join(f'cast("{name}" as double) as "{name}"' for name in names)
    key = f"{entity_type}_id as entity_id, as_of"
    everybody = rows(con, f"select {key}, {columns} from features.{entity_type}")
    values = pl.DataFrame(whole.unlabelled, schema=names).fill_nan(None)
    return everybody.join(values.unique(), on=names, how="semi", nulls_equal=True)
