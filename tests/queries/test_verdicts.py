"""Which verdict was the last word at a snapshot, and what counts as one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = datetime(2026, 6, 1, 9)  # noqa: DTZ001 - UTC without a zone, as stored
CLOSED, APPEALED = FIRST.date(), FIRST.date() + timedelta(days=10)
LABELS = (
    ("lab_1", "buy_1", "bad", "review", FIRST),
    ("lab_2", "buy_1", "good", "appeal", FIRST + timedelta(days=10)),
    ("lab_3", "buy_2", "bad", "rule", FIRST),
    ("lab_4", "buy_3", "good", "review", FIRST),
    ("lab_5", "buy_3", "bad", "rule", FIRST + timedelta(days=10)),
    ("lab_6", "buy_4", "good", "review", FIRST),
    ("lab_7", "buy_4", "bad", "chargeback", FIRST + timedelta(hours=1)),
    ("lab_8", "buy_5", "bad", "casebook", FIRST),
)
TAKEN_BACK = FIRST + timedelta(days=10)
"""When the analyst took the verdict on the fifth buyer back, without another in its place."""
LAST_WORD = """
    select label from facts.verdicts
    where entity_id = $buyer and known_day < $as_of
        and coalesce(replaced_day, date '9999-12-31') >= $as_of
"""


@pytest.fixture(scope="module")
def verdicts() -> Iterator[duckdb.DuckDBPyConnection]:
    """Verdicts of five buyers."""
    schema = ["label_id", "entity_id", "label", "source", "known_at"]
    labels = pl.DataFrame(LABELS, schema=schema, orient="row").with_columns(
        entity_type=pl.lit("buyer"),
        typology=pl.lit(None, pl.String),
        day=pl.col("known_at").dt.date(),
        withdrawn_at=pl.when(pl.col("label_id") == "lab_8").then(pl.lit(TAKEN_BACK)),
    )
    with duckdb.connect() as con:
        create_schemas(con)
        con.register("_labels", labels)
        con.execute("create table staging.labels as select * from _labels")
        queries.build(con, "facts/verdicts")
        yield con


@pytest.mark.parametrize(
    ("buyer", "as_of", "label"),
    [
        ("buy_1", CLOSED, []),  # known in the course of that day
        ("buy_1", CLOSED + timedelta(days=1), ["bad"]),
        ("buy_1", APPEALED, ["bad"]),  # the appeal is decided in the course of that day
        ("buy_1", APPEALED + timedelta(days=1), ["good"]),
        ("buy_2", APPEALED, []),  # nobody has looked
        ("buy_3", APPEALED + timedelta(days=9), ["good"]),  # a rule outweighs nobody
        ("buy_4", CLOSED + timedelta(days=1), ["bad"]),  # the later one of a day
        ("buy_5", TAKEN_BACK.date(), ["bad"]),  # taken back in the course of that day
        ("buy_5", TAKEN_BACK.date() + timedelta(days=1), []),
    ],
)
def test_the_last_word_of_a_person_holds(
    verdicts: duckdb.DuckDBPyConnection, buyer: str, as_of: date, label: list[str]
) -> None:
    """At each snapshot at most one verdict holds: the last one a person gave before it."""
    labels = verdicts.sql(LAST_WORD, params={"buyer": buyer, "as_of": as_of}).fetchall()
    assert [row[0] for row in labels] == label


def test_an_analyst_who_overturns_a_conviction_is_counted() -> None:
    """Convicted, then cleared by our own people: one overturned of its scheme, on that day."""
    rows = [
        ("lab_1", "bad", "T1_BRUSHING", FIRST),
        ("lab_2", "good", None, FIRST + timedelta(days=5)),
    ]
    labels = pl.DataFrame(rows, schema=["label_id", "label", "typology", "known_at"], orient="row")
    labels = labels.with_columns(
        entity_type=pl.lit("buyer"),
        entity_id=pl.lit("buy_1"),
        source=pl.lit("casebook"),
        day=pl.col("known_at").dt.date(),
        withdrawn_at=pl.lit(None, pl.Datetime("us")),
    )
    with duckdb.connect() as con:
        create_schemas(con)
        con.register("_labels", labels)
        con.execute("create table staging.labels as select * from _labels")
        con.execute(
            "create table alerts.alerts (entity_type varchar, entity_id varchar, opened_on date,"
            " typology varchar, lane varchar)"
        )
        con.execute(
            "create table graph.entities (entity_type varchar, entity_id varchar,"
            " market varchar, category varchar)"
        )
        queries.build(con, "facts/verdicts")
        queries.build(con, "alerts/typology_days")
        counted = con.sql(
            "select day, typology, confirmed, overturned from alerts.typology_days order by day"
        ).fetchall()
    day = FIRST.date()
    assert counted == [
        (day, "T1_BRUSHING", 1, 0),
        (day + timedelta(days=5), "T1_BRUSHING", 0, 1),
    ]
