"""The ledger holds what each build said, and goes from one file to the next of its marketplace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from pipeline.publishing.ledger import Carrying, add_build

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 5, 8)
WEEK = timedelta(days=7)
FIRST_ORDER = datetime(2026, 4, 1, 9)  # noqa: DTZ001 - UTC without a zone, as stored
Scores = dict[str, tuple[float, str]]
EARLIER: Scores = {"mer_1": (0.05, "LOW"), "mer_2": (0.3, "MED"), "mer_3": (0.9, "CRIT")}
LATER: Scores = {"mer_1": (0.6, "HIGH"), "mer_2": (0.2, "MED"), "mer_3": (0.01, "LOW")}


def built(
    con: duckdb.DuckDBPyConnection, as_of: date, scores: Scores, alerts: tuple[str, ...] = ()
) -> duckdb.DuckDBPyConnection:
    """`con` as a build leaves it before it adds itself to the ledger."""
    for schema in ("staging", "facts", "scores", "alerts"):
        con.execute(f"create schema {schema}")
    orders = [order(number) for number in range(10)]
    put(con, "staging.orders", orders)
    put(con, "facts.snapshots", [{"entity_type": "merchant", "as_of": as_of}])
    put(con, "scores.models", [{"entity_type": "merchant", "model_version": f"m{as_of:%d}"}])
    rows = [
        {"entity_type": "merchant", "entity_id": name, "as_of": as_of}
        | {"score": score, "score_band": band}
        for name, (score, band) in scores.items()
    ]
    old = rows[0] | {"as_of": as_of - WEEK, "score": 0.99, "score_band": "CRIT"}
    put(con, "scores.scores", [*rows, old])
    columns = {"entity_type": "merchant", "lane": "signals", "typology": "T1_BRUSHING"}
    columns |= {"opened_on": as_of, "opened_by": "ledger"}
    put(con, "alerts.alerts", [columns | {"entity_id": name} for name in (*alerts, "mer_9")])
    return con


def order(number: int) -> dict[str, Any]:
    """One order of the first day."""
    at = FIRST_ORDER + timedelta(minutes=number)
    ids = {"order_id": f"ord_{number}", "buyer_id": "buy_1", "merchant_id": "mer_1"}
    return ids | {"created_at": at, "day": at.date()}


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Make or replace a table."""
    con.register("_given", pl.DataFrame(rows))
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def unheard(_table: str, _rows: int) -> None:
    """Nobody listens."""


def carried(
    con: duckdb.DuckDBPyConnection, database: Path, keep_days: int = 400
) -> tuple[pl.DataFrame, str]:
    """History after the ledger of `database` was taken over, and what was said of it."""
    carrying = Carrying(database, keep_days)
    carrying.write(con, unheard)
    return history(con), carrying.note


def history(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Rows of the ledger."""
    rows: pl.DataFrame = con.sql("from scores.history").pl()
    return rows


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The file of the build of a week before, its ledger closed."""
    path = tmp_path / "served.duckdb"
    with duckdb.connect(str(path)) as con:
        built(con, TODAY - WEEK, EARLIER, alerts=("mer_1",))
        carried(con, tmp_path / "none")
        add_build(con, "first")
    return path


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Today's build before it takes over a ledger."""
    return built(duckdb.connect(), TODAY, LATER)


def test_a_build_says_of_whom_it_said_anything(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Whoever is above Low or has an alert, on the day of the build only, with their numbers."""
    _, note = carried(con, tmp_path / "none")
    add_build(con, "print")
    rows = {row["entity_id"]: row for row in history(con).iter_rows(named=True)}
    assert rows.keys() == {"mer_1", "mer_2", "mer_9"}
    assert {(row["as_of"], row["build_number"]) for row in rows.values()} == {(TODAY, 1)}
    assert (rows["mer_1"]["score"], rows["mer_1"]["score_band"]) == (0.6, "HIGH")
    assert (rows["mer_1"]["lane"], rows["mer_1"]["opened_on"]) == (None, None)
    assert (rows["mer_9"]["score"], rows["mer_9"]["lane"]) == (None, "signals")
    assert note == "Score history begins with this build."
    builds = con.sql("from scores.history_builds where entity_type = 'merchant'").pl()
    assert builds.select("model_version", "scored", "kept").row(0) == ("m08", 3, 3)


def test_the_next_build_keeps_what_was_said_then(
    con: duckdb.DuckDBPyConnection, served: Path
) -> None:
    """The score of a week ago is the one that was shown, whatever today's tables hold."""
    before, note = carried(con, served)
    add_build(con, "second")
    assert note == f"Score history carries 1 earlier build, from {TODAY - WEEK} on."
    then = history(con).filter(pl.col("as_of") == TODAY - WEEK)
    assert then.equals(before)
    assert dict(then.select("entity_id", "score").iter_rows()) == {
        name: score for name, (score, _) in EARLIER.items()
    } | {"mer_9": None}
    now = history(con).filter(pl.col("as_of") == TODAY)
    assert now["build_number"].unique().to_list() == [2]
    assert now["entity_id"].sort().to_list() == ["mer_1", "mer_2", "mer_9"]


def test_the_same_build_said_twice_is_said_once(
    con: duckdb.DuckDBPyConnection, served: Path
) -> None:
    """Building the same again leaves the same ledger."""
    carried(con, served)
    add_build(con, "second")
    once = history(con)
    add_build(con, "second")
    assert history(con).equals(once)


def test_another_marketplace_starts_anew(con: duckdb.DuckDBPyConnection, served: Path) -> None:
    """The same ids at other times are other orders; so is a delivery that shares no day."""
    con.execute("update staging.orders set created_at = created_at + interval 1 second")
    rows, note = carried(con, served)
    assert rows.is_empty()
    assert note == "Score history starts anew: the file it replaces is of another marketplace."
    con.execute("update staging.orders set day = day + 60")
    assert carried(con, served)[0].is_empty()


def test_a_late_correction_is_no_other_marketplace(
    con: duckdb.DuckDBPyConnection, served: Path
) -> None:
    """One order in ten may have changed, two may not."""
    con.execute("update staging.orders set buyer_id = 'buy_2' where order_id = 'ord_0'")
    assert carried(con, served)[0].height == len(EARLIER) + 1
    con.execute("update staging.orders set buyer_id = 'buy_2' where order_id = 'ord_1'")
    assert carried(con, served)[0].is_empty()


def test_a_delivery_may_begin_later_than_the_one_before(
    con: duckdb.DuckDBPyConnection, served: Path
) -> None:
    """A window that moves on is the same marketplace: the first day that both hold decides."""
    with duckdb.connect(str(served)) as old:
        old.execute(
            "insert into staging.orders select * replace (day - 1 as day) from staging.orders"
        )
    assert carried(con, served)[0].height == len(EARLIER) + 1


def test_a_file_without_a_ledger_starts_anew(con: duckdb.DuckDBPyConnection, served: Path) -> None:
    """A file of another release is no reason to refuse the build."""
    with duckdb.connect(str(served)) as old:
        old.execute("alter table scores.history drop column lane")
    rows, note = carried(con, served)
    assert rows.is_empty()
    assert note == "Score history starts anew: the file it replaces keeps none in today's form."
    served.write_bytes(b"no database")
    assert carried(con, served)[0].is_empty()


def test_old_builds_are_let_go_and_later_ones_unknown(
    con: duckdb.DuckDBPyConnection, served: Path
) -> None:
    """What is older than the setting goes; a build of an older day knows nothing of later ones."""
    assert carried(con, served, keep_days=7)[0].height == len(EARLIER) + 1
    assert carried(con, served, keep_days=6)[0].is_empty()
    put(con, "facts.snapshots", [{"entity_type": "merchant", "as_of": TODAY - 2 * WEEK}])
    rows, note = carried(con, served)
    assert rows.is_empty()
    assert note == "Score history begins with this build."
