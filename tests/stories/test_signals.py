"""Stories that no model is taught: signals alone bring them to the queue, and few others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.settings.build import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.build import Report

ENTITY = ["entity_type", "entity_id"]
LEAK = "T12_INFO_LEAK"


@pytest.fixture(scope="module")
def alerts(built: Report) -> pl.DataFrame:
    """The queue, with the warehouse of each shop."""
    sql = (
        "select a.*, c.strength, m.warehouse_id from alerts.alerts as a"
        " join alerts.candidates as c using (entity_type, entity_id)"
        " left join staging.merchants as m on a.entity_id = m.merchant_id"
    )
    with queries.connect(built.database) as con:
        rows: pl.DataFrame = con.sql(sql).pl()
    return rows


def test_a_leak_shows_at_the_shops_whose_buyers_are_called(
    alerts: pl.DataFrame, truth: pl.DataFrame, small_world: Path
) -> None:
    """Half of the leaking warehouses or more have a shop in the queue, and no other has one.

    Harm is said of those whose own buyers were called in the last 30 days.
    """
    complaints = pl.read_parquet(small_world / "complaints.parquet")
    last = alerts["as_of"][0]
    days = (last - timedelta(days=30), last)
    calls = complaints.filter(
        (pl.col("topic") == "scam_call")
        & pl.col("observed_at").dt.date().is_between(*days, closed="left")
    )
    leaks = truth.filter((pl.col("typology") == LEAK) & (pl.col("entity_type") == "warehouse"))
    leak_alerts = alerts.filter(pl.col("typology") == LEAK)
    leaking, shown = set(leaks["entity_id"]), set(leak_alerts["warehouse_id"])
    assert shown <= leaking
    assert len(shown) >= len(leaking) / 2
    called = calls["merchant_id"].implode()
    is_called = leak_alerts["entity_id"].is_in(called)
    assert is_called.any()
    assert is_called.equals(leak_alerts["harm_usd"] > 0.0)


def test_strong_signals_are_mostly_right_where_the_model_is_calm(
    alerts: pl.DataFrame, truth: pl.DataFrame
) -> None:
    """Two thirds of the strong in lane `signals` are guilty or leak; their p says no more.

    The middling, whom a score must second, say so in their p: it is right for them as well.
    """
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    calm = alerts.filter(pl.col("lane") == "signals").with_columns(
        is_right=pl.struct(ENTITY).is_in(guilty.select(pl.struct(ENTITY)).to_series().implode())
        | (pl.col("typology") == LEAK)
    )
    strong = calm.filter(pl.col("strength") >= Settings().alerts.signal_threshold)
    assert strong.height >= 10
    assert float(strong["is_right"].mean()) >= 0.66  # type: ignore[arg-type]
    for own in (calm, strong):
        right = float(own["is_right"].mean())  # type: ignore[arg-type]
        assert float(own["probability"].mean()) <= right + 0.2  # type: ignore[arg-type]


def test_few_look_alikes_have_strong_signals(alerts: pl.DataFrame, truth: pl.DataFrame) -> None:
    """One in a hundred honest look-alikes or fewer is brought up by signals alone."""
    honest = truth.filter(pl.col("is_hard_negative")).unique(ENTITY)
    calm = alerts.filter(pl.col("lane") == "signals")
    assert honest.join(calm, on=ENTITY, how="semi").height <= 0.01 * honest.height
