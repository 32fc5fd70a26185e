"""A build is idempotent, ordered by what its tables read, and safe to kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.build import Order, Report, build, fingerprint
from pipeline.errors import BuildError, InputError
from pipeline.orchestration.stages import stages
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

BUILD_IN_CHILD = """
import sys, time
from pathlib import Path
from pipeline.build import Order, build
def show(stage, table, rows):
    print(stage, flush=True)
    time.sleep(0.05)
build(Order(Path(sys.argv[1]), Path(sys.argv[2])), show)
"""


def test_a_second_build_of_the_same_input_is_kept(built: Report, small_world: Path) -> None:
    """Nothing is built when data, code and settings are what they were."""
    before = built.database.stat()
    again = build(Order(small_world, built.database.parent))
    assert not again.is_fresh
    assert again.as_of == built.as_of
    assert built.database.stat().st_ino == before.st_ino


def test_every_stage_reports_its_tables(built: Report) -> None:
    """The report counts tables and rows of each stage, none of them empty."""
    assert {time.stage for time in built.stages} == set(stages())
    assert all(time.tables > 0 and time.rows > 0 for time in built.stages)


def test_the_same_input_gives_the_same_tables(built: Report, twin: Path) -> None:
    """A build elsewhere from the same folder holds the same rows, to the last bit."""
    with duckdb.connect() as con:
        con.execute(f"attach '{built.database}' as a (read_only)")
        con.execute(f"attach '{twin}' as b (read_only)")
        named = (
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'a'"
        )
        tables = {row[0] for row in con.execute(named).fetchall()}
        differing = {table for table in tables if _differs(con, table)}
    assert differing == set()


def _differs(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    sides = ((f"a.{table}", f"b.{table}"), (f"b.{table}", f"a.{table}"))
    return any(
        queries.scalar(con, f"select count(*) from (from {one} except all from {other})")
        for one, other in sides
    )


@pytest.fixture(scope="module")
def twin(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small marketplace built a second time, from nothing."""
    return build(Order(small_world, tmp_path_factory.mktemp("twin"))).database


def test_a_changed_delivery_is_a_changed_fingerprint(tmp_path: Path) -> None:
    """One changed value is noticed, however the file's clock stands."""
    tables = raw_folder.frames()
    order = Order(raw_folder.write(tmp_path / "raw", tables), tmp_path / "out")
    before = fingerprint(order)
    assert fingerprint(order) == before
    tables["orders"] = tables["orders"].with_columns(pl.col("paid_minor") + 1)
    raw_folder.write(tmp_path / "raw", tables)
    assert fingerprint(order) != before


def test_a_faulty_delivery_leaves_the_served_file(built: Report, tmp_path: Path) -> None:
    """A refused delivery names its faults and touches nothing."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].drop("ip_id")
    data = raw_folder.write(tmp_path / "raw", tables)
    out = tmp_path / "out"
    out.mkdir()
    served = out / built.database.name
    served.write_bytes(built.database.read_bytes())
    before = served.stat().st_mtime_ns
    with pytest.raises(InputError, match="ip_id: column is missing"):
        build(Order(data, out))
    assert served.stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def newer_world(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small marketplace with one word changed, so that it has to be built anew."""
    folder = tmp_path_factory.mktemp("newer")
    for path in small_world.glob("*.parquet"):
        frame = pl.read_parquet(path)
        if path.stem == "calendar":
            frame = frame.with_columns(pl.lit("renamed").alias("title"))
        frame.write_parquet(folder / path.name)
    return folder


@pytest.mark.parametrize("at", ["staging", "features", "scores", "alerts"])
def test_killing_a_build_leaves_the_last_good_file(
    at: str, built: Report, newer_world: Path, tmp_path: Path
) -> None:
    """Killed in any stage, what was served before is served still, byte for byte."""
    served = tmp_path / built.database.name
    served.write_bytes(built.database.read_bytes())
    _kill_at(at, newer_world, tmp_path)
    assert served.read_bytes() == built.database.read_bytes()
    with queries.connect(served) as con:
        assert queries.row_count(con, "alerts.alerts") > 0


def test_a_build_after_a_killed_one_succeeds(newer_world: Path, tmp_path: Path) -> None:
    """What a killed build left behind is in nobody's way."""
    _kill_at("features", newer_world, tmp_path)
    assert list(tmp_path.glob("*.next"))
    assert build(Order(newer_world, tmp_path)).is_fresh
    assert not list(tmp_path.glob("*.next"))


def _kill_at(stage: str, data: Path, out: Path) -> None:
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(data), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == stage:
                break
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=20)


def test_two_builds_at_once_are_refused(small_world: Path, tmp_path: Path) -> None:
    """The second build of a folder says that the first is running."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(small_world), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            child.stdout.readline()
            with pytest.raises(BuildError, match="Another build is writing"):
                build(Order(small_world, tmp_path))
        finally:
            child.kill()
            child.wait(timeout=20)


def test_metric_slices_sum_to_the_total(con: duckdb.DuckDBPyConnection) -> None:
    """Every order, refund and review is in exactly one leaf slice."""
    total = "select sum(orders), sum(refunds), sum(ratings) from metrics.days"
    facts = [
        queries.row_count(con, f"facts.{name}_facts") for name in ("order", "refund", "review")
    ]
    assert [int(n) for n in con.execute(total).fetchall()[0]] == facts


def test_alerts_are_ordered_by_money_per_minute(con: duckdb.DuckDBPyConnection) -> None:
    """Priority is what its own terms say, so a card can show every one of them."""
    sql = """
        select count(*) from alerts.alerts
        where lane <> 'unproven' and (
            abs(value_usd / review_minutes + ageing_boost - priority) > 1e-9
            or abs(
                probability * sensitivity
                * (loss_forward_usd * recoverable_share + harm_usd)
                - (1 - probability) * (1 - specificity) * false_positive_cost_usd
                + (1 - probability) * specificity * hold_cost_usd - value_usd
            ) > 1e-6
        )
    """
    assert queries.scalar(con, "select count(*) from alerts.alerts where priority > 0") > 0
    assert queries.scalar(con, sql) == 0
