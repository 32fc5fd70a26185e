"""Topics become batches: nothing lost, nothing twice, committed only when it is recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import InputError
from pipeline.live.kafka_log import read_settings
from pipeline.live.topics import Partition, Topics
from queries.toml_models import FileRefused
from tests.pipeline.live.conftest import settle
from tests.pipeline.live.test_lane import subjects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.live.lane import Lane
    from tests.pipeline.live.conftest import Drop

SINCE = datetime(2026, 7, 1)  # noqa: DTZ001 - instants of the contract are UTC without zone
ONE = Partition("shop.payments", 0)


@dataclass(frozen=True)
class Row:
    """A message."""

    offset: int
    value: bytes | None
    key: bytes | None = None


@dataclass
class Broker:
    """A log that keeps its messages, and forgets readers when they die."""

    kept: dict[Partition, list[Row]] = field(default_factory=lambda: {ONE: []})
    at: dict[Partition, int] = field(default_factory=dict)
    committed: dict[Partition, int] = field(default_factory=dict)

    def partitions(self, topic: str) -> list[int]:
        """Those of a topic."""
        return [one.number for one in self.kept if one.topic == topic]

    def start_at(self, at: Partition, offset: int | None, since: datetime) -> None:
        """From an offset, or from the first message."""
        assert since == SINCE
        self.at[at] = offset or 0

    def messages(self, most: int) -> dict[Partition, Sequence[Row]]:
        """The next ones."""
        news = {at: self.kept[at][place : place + most] for at, place in self.at.items()}
        self.at = {at: place + len(news[at]) for at, place in self.at.items()}
        return news

    def commit(self, ends: dict[Partition, int]) -> None:
        """Note them."""
        self.committed |= ends

    def close(self) -> None:
        """Nothing is kept open."""

    def send(self, *values: object, at: Partition = ONE) -> None:
        """Rows as JSON, or bytes as they are."""
        kept = self.kept.setdefault(at, [])
        for one in values:
            data = one if isinstance(one, bytes) else json.dumps(one, indent=1).encode()
            kept.append(Row(len(kept), data))


def topics(broker: Broker, drop: Path) -> Topics:
    """A reader that starts now."""
    return Topics(broker, {"shop.payments": "declined_payments"}, drop)


def looked(lane: Lane, reader: Topics) -> None:
    """One look of a lane with a topic, as the command has it."""
    for path in lane.place.drop.iterdir():
        settle(path)
    lane.tick()
    reader.commit(lane.names_read)
    reader.fetch(lane.record["live.batches"]["file_name"], SINCE)


def trial(drop: Drop) -> list[dict[str, object]]:
    """Six refused payments as a payment service sends them."""
    return [json.loads(line) for line in drop.card_trial().write_ndjson().splitlines()]


def test_messages_open_an_alert_and_are_committed_when_it_stands(drop: Drop) -> None:
    """What is no row is set aside by itself; a lane that died goes on behind its record."""
    broker = Broker()
    tries = trial(drop)
    broker.send(*tries[:3], b"no json", *tries[3:])
    lane = drop.lane()
    reader = topics(broker, drop.folder)
    looked(lane, reader)
    assert broker.committed == {}
    names = sorted(path.name for path in drop.folder.iterdir())
    start = "declined_payments-shop.payments~0~"
    assert names == [f"{start}0-6.jsonl", f"{start}3.jsonl"]
    lane.close()

    lane = drop.lane()
    reader = topics(Broker(broker.kept), drop.folder)
    looked(lane, reader)
    assert subjects(lane.record) == ["buyer:buyer_id_1"]
    (problem,) = [one for one in lane.record["live.batches"]["problem"] if one]
    assert problem.startswith(f"{start}3.jsonl: cannot be read")
    assert list(drop.folder.iterdir()) == []
    again = reader.log
    assert isinstance(again, Broker)
    assert again.committed == {ONE: 7}
    assert again.at == {ONE: 7}
    lane.close()


def test_the_last_message_of_a_row_counts(tmp_path: Path) -> None:
    """By the key of the contract; a partition that is new is read too."""
    broker = Broker()
    broker.send(
        {"ATTEMPT_ID": "a", "n": 1}, {"ATTEMPT_ID": "b", "n": 2}, {"ATTEMPT_ID": "a", "n": 3}
    )
    reader = topics(broker, tmp_path)
    assert reader.fetch([], SINCE) == 3
    (path,) = tmp_path.iterdir()
    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == [2, 3]
    broker.send({"attempt_id": "c"}, at=Partition("shop.payments", 1))
    assert reader.fetch([], SINCE) == 1
    assert reader.fetch([], SINCE) == 0


def test_a_reader_goes_on_behind_the_record(tmp_path: Path) -> None:
    """What the record has is not asked for again, whatever was committed."""
    broker = Broker()
    broker.send(*({"attempt_id": str(i)} for i in range(5)))
    names = ["declined_payments-shop.payments~0~0-2.jsonl", "orders-1.parquet"]
    assert topics(broker, tmp_path).fetch(names, SINCE) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("group_id = 'x'", "bootstrap_servers"),
        ("bootstrap_servers = []\n[topics]\norders = 'o'", "bootstrap_servers"),
        ("bootstrap_servers = ['b:9092']\n[topics]", "topics"),
        ("bootstrap_servers = ['b:9092']\npassword = 'x'\n[topics]\norders = 'o'", "password"),
    ],
)
def test_a_settings_file_that_breaks_a_rule_is_refused(
    tmp_path: Path, text: str, found: str
) -> None:
    """With file and key."""
    path = tmp_path / "kafka.toml"
    path.write_text(text)
    with pytest.raises(FileRefused, match=found):
        read_settings(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
