"""What an overturned decision teaches the next build, and what it does to precision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from dashboard.cases.states import CaseState
from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import verdicts
from pipeline.settings.build import LabelSettings
from tests.dashboard.casebook.redress import JUDGED, TOLD, appealed, approved, judged, scoped_book
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE_DAY = timedelta(days=1)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three shops called bad, two of them on appeal: one cleared, one not."""
    book = scoped_book(tmp_path / "casebook.sqlite")
    made = [approved(book, number) for number in (1, 2, 3)]
    judged(book, appealed(book, made[0]))
    judged(book, appealed(book, made[1]), CaseState.UPHELD)
    labels = book.labels_frame().with_columns(day=pl.col("known_at").dt.date())
    shops = pl.DataFrame({"entity_id": [f"mer_{n}" for n in (1, 2, 3)]}).with_columns(
        entity_type=pl.lit("merchant"), market=pl.lit("ID")
    )
    clocks = pl.DataFrame({"market": ["ID"], "time_zone": ["UTC"]})
    with duckdb.connect() as opened:
        for schema in ("staging", "graph", "metrics", "facts", "kpis"):
            opened.execute(f"create schema {schema}")
        tiny.put(opened, "staging.labels", labels)
        tiny.put(opened, "graph.entities", shops)
        tiny.put(opened, "metrics.clocks", clocks)
        yield opened


def taught(con: duckdb.DuckDBPyConnection, day: date) -> dict[str, str]:
    """The last word on each shop that a build of a day may learn from."""
    known = verdicts(matured_labels(con, day, LabelSettings()), "merchant")
    return dict(known.select("entity_id", "label").iter_rows())


def test_the_next_build_learns_that_the_cleared_was_good_and_what_was_known_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Bad until the day before the outcome, good from its day on; the others stay bad."""
    everybody = dict.fromkeys(("mer_1", "mer_2", "mer_3"), "bad")
    assert taught(con, TOLD - ONE_DAY) == {}
    assert taught(con, JUDGED - ONE_DAY) == everybody
    assert taught(con, JUDGED) == {**everybody, "mer_1": "good"}
    assert taught(con, JUDGED + 60 * ONE_DAY) == {**everybody, "mer_1": "good"}


def test_the_history_of_verdicts_has_both_days(con: duckdb.DuckDBPyConnection) -> None:
    """At a snapshot between them the first word holds, after the second the other."""
    queries.build(con, "facts/verdicts")
    rows = con.execute(
        "select label, known_day, replaced_day from facts.verdicts "
        "where entity_id = 'mer_1' order by known_day"
    ).fetchall()
    assert rows == [("bad", TOLD, JUDGED), ("good", JUDGED, None)]


def test_precision_falls_by_the_one_that_was_cleared(con: duckdb.DuckDBPyConnection) -> None:
    """Two of three decisions held; of two appeals one won. Both counted here from raw labels."""
    queries.build(con, "metrics/verdicts")
    total = pl.col("dimension_a").is_null()
    held = queries.run(con, "kpis/enforcement_precision").filter(total)
    assert held.select("day", "numerator", "denominator").rows() == [(TOLD, 2.0, 3.0)]
    won = queries.run(con, "kpis/appeal_overturn_rate").filter(total)
    assert won.select("day", "numerator", "denominator").rows() == [(JUDGED, 1.0, 2.0)]
