"""A notice of each live alert leaves by every way, once, and says nothing of a person."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.errors import OutboxError
from dashboard.outbox.live_notices import send_notices
from dashboard.outbox.signing import opened
from dashboard.outbox.ways import Folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dashboard.cases.effects import Message
    from dashboard.outbox.ways import Way

AT = datetime(2026, 9, 29, 14, 5, tzinfo=UTC).replace(tzinfo=None)
KEY = b"k" * 32
ALERTS = pl.DataFrame(
    {
        "alert_id": ["liv_1"], "entity_type": ["buyer"], "entity_id": ["buy_1"],
        "name": ["Hidden Name"], "typology": ["T7_PAYMENT_FRAUD"], "event_at": [AT],
        "opened_at": [AT],
    }
)  # fmt: skip
SIGNALS = pl.DataFrame({"alert_id": ["liv_1"], "code": ["T7.S01_MANY_CARDS"]})
NOTICES = pl.DataFrame(
    {
        "notice_key": ["liv_1:LIVE_OPEN"], "alert_id": ["liv_1"], "kind": ["LIVE_OPEN"],
        "created_at": [AT], "delivered": [""], "attempts": [0], "next_at": [AT], "problem": [""],
    }
)  # fmt: skip


@dataclass
class Shut:
    """A way that is shut until it is opened."""

    name: str = "webhook"
    is_open: bool = False
    got: list[str] = field(default_factory=list)

    def send(self, message: Message) -> None:
        """Take it, or not."""
        if not self.is_open:
            raise OutboxError("The webhook answered 503.", "It is tried again.")
        self.got.append(message.idempotency_key)


def sent(notices: pl.DataFrame, ways: Sequence[Way], at: datetime = AT) -> pl.DataFrame:
    """The notices after one round."""
    return send_notices(notices, ALERTS, SIGNALS, ways, (at, timedelta(hours=24)))


def test_a_notice_is_signed_and_holds_ids_and_codes_alone(tmp_path: Path) -> None:
    """What a receiver reads: of whom, why, since when, and until when it means anything."""
    after = sent(NOTICES, [Folder(tmp_path, KEY)])
    (file,) = tmp_path.glob("*.json")
    body: dict[str, Any] = json.loads(opened(file.read_text(encoding="utf-8"), KEY))
    assert body["kind"] == "LIVE_OPEN"
    assert body["subject"] == {"type": "buyer", "id": "buy_1"}
    assert body["signals"] == ["T7.S01_MANY_CARDS"]
    assert body["void_at"] == "2026-09-30T14:05:00Z"
    assert "Hidden Name" not in file.read_text(encoding="utf-8")
    assert after["next_at"].to_list() == [None]


def test_what_has_gone_does_not_go_again(tmp_path: Path) -> None:
    """A second round sends nothing."""
    after = sent(NOTICES, [Folder(tmp_path, KEY)])
    (file,) = tmp_path.glob("*.json")
    file.unlink()
    assert sent(after, [Folder(tmp_path, KEY)]).equals(after)
    assert not list(tmp_path.glob("*.json"))


def test_a_way_that_is_shut_is_tried_again_and_the_other_is_not(tmp_path: Path) -> None:
    """The folder has it at once; the webhook later, under the same key."""
    shut = Shut()
    first = sent(NOTICES, [Folder(tmp_path, KEY), shut])
    assert first["delivered"].to_list() == ["file"]
    assert first["problem"].to_list() == ["The webhook answered 503."]
    assert sent(first, [shut], AT + timedelta(seconds=1)).equals(first)
    shut.is_open = True
    last = sent(first, [Folder(tmp_path, KEY), shut], AT + timedelta(minutes=1))
    assert last["delivered"].to_list() == ["file,webhook"]
    assert shut.got == ["liv_1:LIVE_OPEN"]
    assert last["next_at"].to_list() == [None]
