"""Since when signals have been strong, and who was judged with them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from pipeline.learning.label_maturity import matured_labels
from pipeline.scoring.signal_history import judged_signals, openings
from pipeline.scoring.signals import typologies
from pipeline.signals import stage as signals
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import BURST, SETTINGS, fired

pytestmark = pytest.mark.slow  # fits models

SHOP = tiny.name("merchant", 120)


def opened_on(*strong_days: int) -> list[object]:
    """When the alert of a shop opened whose features were strong so many days ago."""
    con = tiny.build()
    con.execute(f"update features.merchant set burst_7d = 0.0 where merchant_id = '{SHOP}'")
    days = [(tiny.AS_OF - timedelta(days=one)).isoformat() for one in strong_days]
    con.execute(
        "update features.merchant set burst_7d = 5.0, shared_device_rate_30d = 0.9 "
        f"where merchant_id = '{SHOP}' and list_contains($days, cast(as_of as varchar))",
        {"days": days},
    )
    signals.write(con, SETTINGS, tiny.unheard, packs_in_use=[BURST])
    today = con.sql("from signals.firings").pl().filter(pl.col("as_of") == tiny.AS_OF)
    strengths = typologies(today)
    strong = strengths.filter((pl.col("entity_id") == SHOP) & (pl.col("strength") >= 0.8))
    return openings(con, strong, 0.8)["opened_on"].to_list()


def test_an_alert_is_as_old_as_its_unbroken_strength() -> None:
    """The first snapshot since the last calm one; none where the latest is calm."""
    assert opened_on(0, 1, 2, 7) == [tiny.AS_OF - timedelta(days=7)]
    assert opened_on(0, 1, 7, 14) == [tiny.AS_OF - timedelta(days=1)]
    assert opened_on(0) == [tiny.AS_OF]
    assert opened_on(1, 2, 7) == []


def test_who_was_judged_is_seen_as_before_the_verdict() -> None:
    """One primary typology each, with the strength of the last snapshot before it was known."""
    con = fired()
    labels = matured_labels(con, tiny.AS_OF, SETTINGS.labels)
    judged = judged_signals(con, "merchant", labels)
    assert judged["entity_id"].is_unique().all()
    assert 0 < judged["is_bad"].sum() < judged.height <= sum(tiny.LABELLED["merchant"])
    assert judged["strength"].is_between(0.0, 1.0).all()
