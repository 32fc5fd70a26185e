"""`ringfence watch` as it is typed: a mapping, a topic, and the past."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from dashboard.cli import app
from pipeline.live.kafka_log import KafkaLog
from tests.pipeline.live.conftest import LATE
from tests.pipeline.live.test_lane import rebuilt
from tests.pipeline.live.test_topics import Broker, trial

if TYPE_CHECKING:
    import pytest

    from tests.pipeline.live.conftest import Drop


def typed(drop: Drop, *words: str) -> str:
    """What the command says."""
    place = ["watch", "--data", str(drop.folder), "--build", str(drop.out)]
    result = CliRunner().invoke(app, [*place, *words])
    return f"{result.output}{result.exception or ''}"


def test_the_past_says_what_became_of_an_alert(drop: Drop) -> None:
    """Open then, withdrawn since; before it there was none. A tolerance that is none is refused."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    (drop.folder / "orders-link.csv").symlink_to(drop.folder / "nowhere.csv")
    assert "1 live alert opened" in typed(drop, "--once")
    rebuilt(drop, LATE + timedelta(days=1), has_alert=False)
    assert "1 live alert confirmed or withdrawn by the build" in typed(drop, "--once")
    now = typed(drop, "--as-of", "2099-01-01")
    assert "At 2099-01-01 00:00 UTC 1 batch was taken." in now
    assert "withdrawn buyer:buyer_id_1 T7_PAYMENT_FRAUD" in now
    assert "0 batches were taken" in typed(drop, "--as-of", "2026-07-02")
    assert "is no share of a table" in typed(drop, "--once", "--tolerate", "90%")


def test_topics_are_read_after_each_look(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes is in the folder for the next look; a table that is none is refused."""
    broker = Broker()
    broker.send(*trial(drop))
    monkeypatch.setattr(KafkaLog, "connect", lambda _: broker)
    path = drop.out / "kafka.toml"
    path.write_text("bootstrap_servers = ['b:9092']\n[topics]\npayments = 'shop.payments'")
    assert "no batch is of payments" in typed(drop, "--kafka", str(path), "--once")
    path.write_text("bootstrap_servers = ['b:9092']\n[topics]\ndeclined_payments = 'shop.payments'")
    typed(drop, "--kafka", str(path), "--once")
    (file,) = drop.folder.iterdir()
    assert file.name == "declined_payments-shop.payments~0~0-5.jsonl"
