"""A Kafka topic as a log of messages, by `pip install 'ringfence[kafka]'`.

A TOML file says which broker, which topics are which tables, and whatever else the consumer is
to be told, so that no password stands in a command.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pipeline.errors import InputError
from pipeline.live.topics import Partition
from queries.toml_models import FileModel, Text, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from pipeline.live.topics import Message

_EXTRA = "pip install 'ringfence[kafka]'"
_WAIT_MS = 200
_SECOND = 1_000


class KafkaSettings(FileModel):
    """What the file says."""

    bootstrap_servers: Annotated[
        tuple[Text, ...], Field(strict=False, min_length=1, description="brokers as HOST:PORT")
    ]
    group_id: Text = "ringfence"
    topics: Annotated[
        dict[str, Text], Field(min_length=1, description="a topic for each table that comes by one")
    ]
    consumer: Annotated[
        dict[str, str | int | bool | tuple[int, ...]],
        Field(description="options of kafka-python's consumer"),
    ] = Field(default_factory=dict)


def read_settings(path: Path) -> KafkaSettings:
    """A settings file; raises FileRefused for one that breaks a rule, InputError for none."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}).",
            "A TOML file with bootstrap_servers and [topics] was expected.",
            "docs/live.md shows one.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} is not TOML ({error}).", "A TOML file was expected.", "Mend it."
        ) from error
    return validate(KafkaSettings, entries, str(path), ())


@contextmanager
def _answering() -> Iterator[None]:
    """While something is asked of a broker; what it or the library refuses is an InputError."""
    from kafka.errors import KafkaError

    try:
        yield
    except KafkaError as error:
        raise InputError(
            f"Kafka does not answer ({error}).",
            "The broker of the settings file was expected.",
            "The lane goes on with what lies in the folder, and asks again.",
        ) from error


@dataclass
class KafkaLog:
    """Partitions of topics, read by one consumer that is given each of them by name."""

    consumer: Any
    """`kafka.KafkaConsumer`."""

    @classmethod
    def connect(cls, settings: KafkaSettings) -> KafkaLog:
        """A consumer that commits nothing by itself.

        Raises InputError where the library is not there or no broker answers.
        """
        if find_spec("kafka") is None:
            raise InputError(
                "Kafka is not read by what is installed here.", "kafka-python was expected.", _EXTRA
            )
        from kafka import KafkaConsumer
        from kafka.errors import KafkaError

        servers = list(settings.bootstrap_servers)
        try:
            consumer = KafkaConsumer(
                bootstrap_servers=servers,
                group_id=settings.group_id,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                **settings.consumer,
            )
        except (KafkaError, AssertionError, ValueError) as error:
            raise InputError(
                f"No broker answers at {', '.join(servers)} ({error}).",
                "A Kafka broker was expected.",
                "Look at bootstrap_servers and [consumer] of the settings file.",
            ) from error
        return cls(consumer)

    def partitions(self, topic: str) -> Iterable[int]:
        """Numbers of the partitions of a topic; none where the broker does not have it yet."""
        with _answering():
            return self.consumer.partitions_for_topic(topic) or ()

    def start_at(self, at: Partition, offset: int | None, since: datetime) -> None:
        """Read a partition from an offset on, or from its first message since an instant."""
        from kafka import TopicPartition

        own = TopicPartition(*at)
        with _answering():
            if offset is None:
                millis = int(since.replace(tzinfo=UTC).timestamp() * _SECOND)
                first = self.consumer.offsets_for_times({own: millis})[own]
                offset = first.offset if first else self.consumer.end_offsets([own])[own]
            self.consumer.assign([*self.consumer.assignment(), own])
            self.consumer.seek(own, offset)

    def messages(self, most: int) -> dict[Partition, Sequence[Message]]:
        """What has come since the last call."""
        with _answering():
            polled = self.consumer.poll(timeout_ms=_WAIT_MS, max_records=most)
        return {Partition(one.topic, one.partition): rows for one, rows in polled.items()}

    def commit(self, ends: dict[Partition, int]) -> None:
        """Note the offsets to go on from, for whoever watches how far the lane is."""
        from kafka import OffsetAndMetadata, TopicPartition

        offsets = {TopicPartition(*at): OffsetAndMetadata(end, "", -1) for at, end in ends.items()}
        with _answering():
            self.consumer.commit(offsets)

    def close(self) -> None:
        """Leave the broker."""
        self.consumer.close(autocommit=False)
