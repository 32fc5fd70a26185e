"""Since when signals have been strong, and how often verdicts bore them out."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from pipeline.learning.label_maturity import matured_labels
from pipeline.scoring.signal_history import openings, outcomes
from pipeline.scoring.signals import fired_signals, typologies
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import BURST, MANY, SETTINGS

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
    strengths = typologies(fired_signals(con, tiny.AS_OF, [BURST]))
    strong = strengths.filter((pl.col("entity_id") == SHOP) & (pl.col("strength") >= 0.8))
    return openings(con, [BURST], strong, 0.8)["opened_on"].to_list()


def test_an_alert_is_as_old_as_its_unbroken_strength() -> None:
    """The first snapshot since the last calm one; none where the latest is calm."""
    assert opened_on(0, 1, 2, 7) == [tiny.AS_OF - timedelta(days=7)]
    assert opened_on(0, 1, 7, 14) == [tiny.AS_OF - timedelta(days=1)]
    assert opened_on(0) == [tiny.AS_OF]
    assert opened_on(1, 2, 7) == []


def test_what_verdicts_bore_out_is_shrunk_to_what_is_usual() -> None:
    """Nobody judged: the share of the type; many judged: nearly their own share."""
    con = tiny.build()
    labels = matured_labels(con, tiny.AS_OF, SETTINGS.labels)
    rows = outcomes(con, [BURST, MANY], labels, SETTINGS)
    by_pack = {row["typology"]: row for row in rows.iter_rows(named=True) if row["labelled"]}
    burst = by_pack["T1_BRUSHING"]
    assert 0 < burst["confirmed"] <= burst["labelled"] <= sum(tiny.LABELLED["merchant"])
    own = burst["confirmed"] / burst["labelled"]
    assert burst["probability"] == pytest.approx(own, abs=0.2)
    nobody = rows.filter(pl.col("labelled") == 0)
    assert nobody.height > 0
    assert nobody["probability"].is_between(0.0, 1.0).all()
