"""`ringfence advance` end to end: somebody decides, a week passes, and what came of it is said."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

import queries
from dashboard.casebook import open_casebook
from dashboard.cases.states import Verdict
from pipeline.build import Order
from sample_data import with_weeks_ahead
from tests.conftest import TINY
from tests.dashboard.casebook.drafts import ANN, draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.build_cache import BuildCache
    from tests.dashboard.cli.program import Result

DAYS = 7
COUNTS = """
    select
        (select as_of from meta.build) as as_of,
        (select count(*) from staging.orders) as orders,
        (select count(*) from staging.labels where source <> 'casebook') as labels
"""


@pytest.fixture
def demo(build_cache: BuildCache, tmp_path: Path) -> Path:
    """A folder like that of `ringfence demo`: a built database, its world, a week to come."""
    settings = with_weeks_ahead(TINY, DAYS)
    raw = build_cache.world(settings, tmp_path / "world")
    build_cache.build(Order(raw, tmp_path / "first"))
    out = tmp_path / "demo"
    out.mkdir()
    shutil.copy(tmp_path / "first" / "ringfence.duckdb", out)
    shutil.copytree(raw, out / "world")
    return out


def counts(out: Path) -> tuple[date, int, int]:
    """The day of the build, its orders and the labels delivered to it."""
    with queries.connect(out / "ringfence.duckdb") as con:
        row: tuple[date, int, int] = con.sql(COUNTS).fetchall()[0]
    return row


def clear_first_alert(out: Path, today: date) -> tuple[str, str]:
    """Decide in the casebook beside the build that nothing is wrong; who it was."""
    with queries.connect(out / "ringfence.duckdb") as con:
        sql = "select entity_type, entity_id from alerts.alerts order by queue_place limit 1"
        entity_type, entity_id = con.sql(sql).fetchall()[0]
    about = replace(
        draft(Verdict.FALSE_POSITIVE),
        entity_type=entity_type,
        entity_id=entity_id,
        as_of=today,
        data_day=today,
    )
    open_casebook(f"sqlite:///{out / 'casebook.sqlite'}").decide(about, viewer=ANN)
    return entity_type, entity_id


def test_a_week_passes_and_says_what_it_brought(
    ringfence: Callable[..., Result], demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Labels and orders arrive, the decision has taught, and each sentence counts them right."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)
    today, orders, labels = counts(demo)
    who = clear_first_alert(demo, today)
    result = ringfence("advance", "--days", str(DAYS), "--data", demo / "world", "--out", demo)
    assert result.code == 0, result.err
    said = " ".join(result.out.split())
    later, more_orders, more_labels = counts(demo)
    assert later == today + timedelta(days=DAYS)
    assert more_orders > orders
    assert more_labels > labels
    assert f"{DAYS} days later: it is {later} in" in said
    arrived = re.search(rf"From {today} to {later}: ([\d,]+) orders and ([\d,]+) label", said)
    assert arrived, said
    assert [int(one.replace(",", "")) for one in arrived.groups()] == [
        more_orders - orders,
        more_labels - labels,
    ]
    assert "Casebook: 1 verdict," in said
    assert re.search(r"Alerts: \d+ closed, \d+ opened", said)
    assert "Score history carries 1 earlier build" in said
    with queries.connect(demo / "ringfence.duckdb") as con:
        sql = "select entity_type, entity_id from staging.labels where source = 'casebook'"
        assert con.sql(sql).fetchall() == [who]
        where = "entity_type = $t and entity_id = $i and reopened_by is null"
        still = f"select count(*) from alerts.alerts where {where}"
        assert queries.scalar(con, still, {"t": who[0], "i": who[1]}) == 0


def test_no_more_days_than_were_held_back(ringfence: Callable[..., Result], demo: Path) -> None:
    """It says how many are left, and delivers nothing."""
    before = {path.name: path.stat().st_size for path in (demo / "world").glob("*.parquet")}
    result = ringfence("advance", "--days", "8", "--data", demo / "world", "--out", demo)
    assert result.code == 1
    assert "Traceback" not in result.err
    assert "8 days were asked for; 7 days of" in result.err
    assert "Ask for 1 to 7." in result.err
    assert {p.name: p.stat().st_size for p in (demo / "world").glob("*.parquet")} == before
