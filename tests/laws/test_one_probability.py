"""One number a subject: the band, the order and every page follow from it, and it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.settings.build import Settings
from tests.laws.asking import rows
from tests.laws.queue import alerts, cases, listed

if TYPE_CHECKING:
    import duckdb

SETTINGS = Settings()
BANDS = SETTINGS.bands
EDGES = {"CRIT": (BANDS.critical, 1.01), "HIGH": (BANDS.high, BANDS.critical)}
EDGES |= {"MED": (BANDS.medium, BANDS.high), "LOW": (0.0, BANDS.medium)}
ENTITY = ["entity_type", "entity_id"]
LEAK = "T12_INFO_LEAK"


@pytest.fixture
def queue(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every row that the Queue page can show, but the unproven."""
    return alerts(con, cases(con)).filter(pl.col("lane") != "unproven")


def test_the_band_is_that_of_the_number_beside_it(queue: pl.DataFrame) -> None:
    """No row of the queue says Medium beside 0.937."""
    assert queue.height > 100
    for band, (low, high) in EDGES.items():
        own = queue.filter(pl.col("score_band") == band)["probability"]
        assert ((own >= low) & (own < high)).all(), band
    assert queue["score_band"].null_count() == 0


def test_queue_head_lists_and_table_show_one_number(
    con: duckdb.DuckDBPyConnection, queue: pl.DataFrame
) -> None:
    """The queue's number is the head's, the search's and that of the table others read."""
    table = rows(con, "from alerts.alerts").select(*ENTITY, "probability", "score_band")
    both = queue.join(table, on=ENTITY, suffix="_table")
    assert both["probability"].equals(both["probability_table"])
    assert both["score_band"].equals(both["score_band_table"])
    for row in queue.sample(25, seed=7).iter_rows(named=True):
        key = ":".join(row[name] for name in ENTITY)
        head = queries.run(con, "pages/investigate/score", keys=[key]).row(0, named=True)
        found = queries.run(con, "pages/investigate/search", search=row["entity_id"], limit=50)
        listed = found.filter(entity_id=row["entity_id"]).row(0, named=True)
        for shown, number in ((head, head["probability"]), (listed, listed["score"])):
            assert number == row["probability"]
            assert shown["score_band"] == row["score_band"]


def test_the_order_by_probability_is_that_of_the_number(con: duckdb.DuckDBPyConnection) -> None:
    """Sorting by probability sorts by what is shown."""
    shown = listed(con, sort="probability")
    assert shown["probability"].drop_nulls().is_sorted(descending=True)
    best = alerts(con, shown.head(20)).with_columns(
        key=pl.col("entity_type") + ":" + pl.col("entity_id")
    )
    for keys, probability, band in (
        shown.head(20).select("member_keys", "probability", "score_band").iter_rows()
    ):
        own = best.filter(pl.col("key").is_in(keys)).sort("probability", descending=True)
        assert own.select("probability", "score_band").row(0) == (probability, band)


def test_as_many_are_guilty_as_signals_say(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame
) -> None:
    """Of those that nobody has reviewed and whose signals are a witness, band by band.

    In the band of the certain within a tenth, in the next within a third, and five subjects;
    leaks are apart, for their shops are victims. What a score says alone is the law of
    test_calibrated.
    """
    queue = rows(con, "from alerts.alerts where signal_probability is not null")
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    judged = queue.filter(pl.col("typology") != LEAK).with_columns(
        is_guilty=pl.struct(ENTITY).is_in(guilty.select(pl.struct(ENTITY)).to_series().implode())
    )
    for name, room in (("CRIT", 0.1), ("HIGH", 0.34)):
        own = judged.filter(pl.col("score_band") == name)
        expected, found = float(own["probability"].sum()), int(own["is_guilty"].sum())
        assert own.height > 0
        assert abs(expected - found) <= room * found + 5.0, (name, expected, found)


def test_a_clearing_counts_until_there_is_something_new(con: duckdb.DuckDBPyConnection) -> None:
    """It divides the odds of a score by a constant, and is not asked of what came after it."""
    sql = """
    select p.*, o.opened_on, v.known_day
    from alerts.probabilities as p
    inner join facts.verdicts as v
        on p.entity_type = v.entity_type and p.entity_id = v.entity_id
    left join scores.signal_openings as o
        on p.entity_type = o.entity_type and p.entity_id = o.entity_id
        and p.typology = o.typology
    where v.label = 'good' and v.replaced_day is null
    """
    cleared = rows(con, sql)
    is_new = (pl.col("opened_on") > pl.col("known_day")) & pl.col("signal_share").is_not_null()
    assert cleared.filter(is_new)["cleared_on"].is_null().all()
    lowered = cleared.filter(pl.col("cleared_on").is_not_null())
    assert lowered.height > 100
    assert lowered["cleared_on"].equals(lowered["known_day"])
    alone = lowered.filter(pl.col("signal_share").is_null())
    odds = {name: pl.col(name) / (1.0 - pl.col(name)) for name in ("score", "probability")}
    ratio = alone.select(odds["score"] / odds["probability"]).to_series()
    worth = SETTINGS.alerts.specificity / (1.0 - SETTINGS.alerts.sensitivity)
    assert ((ratio - worth).abs() < 1e-3 * worth).all()
