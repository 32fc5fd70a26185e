"""Harm beyond money, recomputed from raw rows; what is over leaves the day's work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from benchmarks.harm import planted_harm
from pipeline.settings.build import Settings
from queries.packs import packs
from tests.laws.asking import rows
from tests.laws.queue import alerts, listed

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

ENTITY = ["entity_type", "entity_id"]
SETTINGS = Settings()
DAYS = 30


def hasty_orders(raw: Path, report: Report) -> pl.DataFrame:
    """Orders of the last 30 days that were paid within a minute by somebody who never looked."""
    orders = pl.read_parquet(raw / "orders.parquet").filter(~pl.col("is_sample"))
    first = report.as_of - timedelta(days=DAYS)
    created = pl.col("created_at").dt.date()
    recent = orders.filter(created.is_between(first, report.as_of, closed="left"))
    waited = (pl.col("paid_at") - pl.col("created_at")).dt.total_seconds()
    same_day = pl.col("paid_at").dt.date() == created
    return recent.filter((waited < 60) & same_day & ~pl.col("has_prior_view"))


def test_the_harm_of_a_brushing_shop_is_its_fake_orders(
    con: duckdb.DuckDBPyConnection, small_world: Path, built: Report
) -> None:
    """At least the orders paid unseen within a minute count, each with the price of its pack."""
    price = packs()["T1_BRUSHING"].harms[0]
    assert price.event == "fake_order"
    shops = rows(
        con,
        "select h.* from alerts.harms as h join alerts.candidates as a"
        " using (entity_type, entity_id) where a.typology = 'T1_BRUSHING'"
        " and entity_type = 'merchant' and event = 'fake_order'",
    )
    assert shops.height > 0
    counted = hasty_orders(small_world, built).group_by(entity_id="merchant_id").agg(least=pl.len())
    both = shops.join(counted, on="entity_id", how="left").with_columns(
        pl.col("least").fill_null(0)
    )
    spans = 1.0 + packs()["T1_BRUSHING"].horizon_days / DAYS
    alone = both["alone_harm_usd"] / price.price_usd / spans
    assert (alone >= both["least"] - 1e-6).all()
    assert (both["events"] <= alone + 1e-6).all()
    assert both["harm_usd"].to_list() == pytest.approx(
        (both["events"] * spans * price.price_usd).to_list()
    )
    for bound, name in ((price.low_usd, "harm_low_usd"), (price.high_usd, "harm_high_usd")):
        assert both[name].to_list() == pytest.approx((both["events"] * spans * bound).to_list())


def test_an_event_harms_once(con: duckdb.DuckDBPyConnection) -> None:
    """The parts of all suspects never exceed the events there were."""
    parts = rows(con, "select event, sum(events) as parts from alerts.harms group by event")
    whole = rows(con, "select event, sum(quantity) as whole from alerts.harm_events group by event")
    both = parts.join(whole, on="event")
    assert both.height == parts.height >= 4
    assert (both["parts"] <= both["whole"] + 1e-6).all()


def test_what_has_ended_has_nothing_left_to_save(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame, built: Report
) -> None:
    """No loss, no harm, no hold; behind the day's work, and truly over for nine in ten."""
    alerts = rows(con, "from alerts.alerts where lane <> 'unproven'")
    ended, daily = alerts.filter("is_ended"), alerts.filter(~pl.col("is_ended"))
    assert ended.height > 20
    for money in ("loss_forward_usd", "harm_usd", "hold_cost_usd"):
        assert (ended[money] == 0.0).all(), money
    assert ended["queue_place"].min() > daily["queue_place"].max()  # type: ignore[operator]
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    last = guilty.group_by(ENTITY).agg(pl.col("ended_at").max())
    over = ended.join(last, on=ENTITY)["ended_at"].dt.date() < built.as_of - timedelta(days=DAYS)
    assert over.mean() >= 0.9  # type: ignore[operator]


def test_few_rings_that_are_over_stand_in_the_days_work(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame, built: Report
) -> None:
    """One proven alert in eight at most; a third were before they had a list of their own."""
    daily = rows(con, "from alerts.alerts where lane <> 'unproven' and not is_ended")
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    last = guilty.group_by(ENTITY).agg(pl.col("ended_at").max())
    proven = daily.join(last, on=ENTITY)
    over = proven["ended_at"].dt.date() < built.as_of - timedelta(days=DAYS)
    assert over.mean() <= 0.125  # type: ignore[operator]


def test_severe_and_certain_is_never_below_trivial_and_certain(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """By priority: the places kept for the unproven and the longest-waiting are apart."""
    alerts = rows(con, "from alerts.alerts where score_band = 'CRIT' and not is_reserved")
    severe = alerts.filter("is_severe")
    trivial = alerts.filter(pl.col("priority") < SETTINGS.alerts.minute_cost)
    assert severe.height > 5
    assert trivial.height > 5
    assert severe["queue_place"].max() < trivial["queue_place"].min()  # type: ignore[operator]


def test_a_planted_shop_with_certain_evidence_is_in_the_upper_half(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame, built: Report
) -> None:
    """Of shops whose scheme went on in the last 30 days, certain (CRIT) with strong signals."""
    daily = rows(
        con,
        "select a.*, c.strength from alerts.alerts as a join alerts.candidates as c"
        " using (entity_type, entity_id) where not a.is_ended",
    )
    guilty = truth.filter(
        ~pl.col("is_hard_negative")
        & (pl.col("role") != "victim")
        & (pl.col("entity_type") == "merchant")
        & (pl.col("ended_at").dt.date() >= built.as_of - timedelta(days=DAYS))
    )
    is_certain = pl.col("score_band") == "CRIT"
    is_strong = pl.col("strength") >= SETTINGS.alerts.signal_threshold
    certain = daily.filter(is_certain & is_strong).join(guilty, on=ENTITY, how="semi")
    assert certain.height >= 5
    low = certain.filter(pl.col("queue_place") > daily.height / 2.0)
    assert low.is_empty(), low.select("entity_id", "typology", "priority", "queue_place")


def test_planted_harm_counts_an_event_once(small_world: Path) -> None:
    """What a ring did is no more than its members touched, and no less than its busiest one."""
    truth = pl.read_parquet(small_world / "truth" / "truth.parquet")
    stories = pl.read_parquet(small_world / "truth" / "stories.parquet")
    until = stories["ended_at"].max()
    harm = planted_harm(small_world, truth, stories, until - timedelta(days=DAYS), until)  # type: ignore[operator]
    rings = harm.group_by("ring_id").agg(
        pl.col("harm_usd").sum().alias("parts"),
        pl.col("harm_usd").max().alias("most"),
        pl.col("ring_harm_usd").max(),
    )
    assert rings.height > 10
    assert (rings["ring_harm_usd"] <= rings["parts"] + 1e-6).all()
    assert (rings["most"] <= rings["ring_harm_usd"] + 1e-6).all()


def test_the_ended_have_a_list_of_their_own(con: duckdb.DuckDBPyConnection) -> None:
    """A case leaves the day's work when all who wait in it have ended, and none is lost."""
    day, ended = listed(con), listed(con, is_ended=True)
    table = rows(con, "from alerts.alerts")
    over = set(table.filter("is_ended")["alert_id"])
    assert set(alerts(con, ended)["alert_id"]) <= over
    assert len(ended)
    everybody = [*alerts(con, day)["alert_id"], *alerts(con, ended)["alert_id"]]
    assert sorted(everybody) == sorted(table["alert_id"])
    for place in range(0, len(day), 10):
        assert not set(alerts(con, day[place : place + 1])["alert_id"]) <= over
