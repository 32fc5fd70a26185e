"""Topics that a live lane reads besides its folder: asked after each look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cli.errors import Refusal
from dashboard.cli.terminal import err

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.live.kafka_log import KafkaLog
    from pipeline.live.lane import Lane
    from pipeline.live.topics import Topics


@dataclass
class Feed:
    """The topics, and what was said of them last."""

    log: KafkaLog
    topics: Topics
    said: str = ""

    @classmethod
    def of(cls, path: Path, lane: Lane) -> Feed:
        """The topics of a settings file; raises Refusal for a table that no batch may be of."""
        from pipeline.live.kafka_log import KafkaLog, read_settings
        from pipeline.live.topics import Topics

        settings = read_settings(path)
        known = lane.intake().tables
        strange = sorted(settings.topics.keys() - known)
        if strange:
            raise Refusal(
                f"{path}, [topics]: no batch is of {', '.join(strange)}. "
                f"Name one of {', '.join(sorted(known))}."
            )
        tables = {topic: table for table, topic in settings.topics.items()}
        log = KafkaLog.connect(settings)
        return cls(log, Topics(log, tables, lane.place.drop))

    def go_on(self, lane: Lane) -> None:
        """Commit what the lane recorded, and fetch what came since."""
        from pipeline.errors import InputError

        since = datetime.combine(lane.engine.build.as_of, datetime.min.time())
        try:
            self.topics.commit(lane.names_read)
            self.topics.fetch(lane.record["live.batches"]["file_name"], since)
        except InputError as error:
            if str(error) != self.said:
                err.print(str(error), markup=False, soft_wrap=True)
            self.said = str(error)
        else:
            self.said = ""

    def close(self) -> None:
        """Leave the broker."""
        self.log.close()
