"""Notices of live alerts: they leave the ways that messages leave, so that a payout can wait.

A notice asks for nothing by itself and is void after a day: only what a person decides is
enforced. It goes again under the same key until every way took it, whoever dies in between.
"""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.casebook.chain import text_of
from dashboard.casebook.messages import FORMAT, MOST_ATTEMPTS, wait_after
from dashboard.cases.effects import Message, MessageState
from dashboard.errors import OutboxError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from dashboard.outbox.ways import Way


def send_notices(
    notices: pl.DataFrame,
    alerts: pl.DataFrame,
    signals: pl.DataFrame,
    ways: Sequence[Way],
    terms: tuple[datetime, timedelta],
) -> pl.DataFrame:
    """The notices as they stand once those that are due were sent.

    Frames are `live.notices`, `live.alerts` and `live.signals` of the lane's record; `terms` are
    the present instant and how long a notice holds.
    """
    at, holds = terms
    by_id = {one["alert_id"]: one for one in alerts.iter_rows(named=True)}
    codes = {str(key[0]): sorted(own["code"]) for key, own in signals.group_by("alert_id")}
    rows = []
    for row in notices.iter_rows(named=True):
        alert = by_id.get(row["alert_id"])
        is_due = row["next_at"] is not None and row["next_at"] <= at and alert is not None
        said = _message(row, alert, codes.get(row["alert_id"], []), holds) if is_due else None
        rows.append(row if said is None else _sent(row, said, ways, at))
    return pl.DataFrame(rows, schema=notices.schema)


def _sent(
    row: dict[str, Any], message: Message, ways: Sequence[Way], at: datetime
) -> dict[str, Any]:
    done = [one for one in row["delivered"].split(",") if one]
    attempts = row["attempts"] + 1
    for way in ways:
        if way.name in done:
            continue
        try:
            way.send(message)
        except OutboxError as error:
            later = None if attempts >= MOST_ATTEMPTS else at + wait_after(attempts)
            tried = {"delivered": ",".join(done), "attempts": attempts}
            return row | tried | {"next_at": later, "problem": error.message}
        done.append(way.name)
    gone = {"delivered": ",".join(done), "attempts": attempts, "next_at": None, "problem": ""}
    return row | gone


def _message(
    row: dict[str, Any], alert: dict[str, Any] | None, codes: list[str], holds: timedelta
) -> Message | None:
    if alert is None:
        return None
    created_at: datetime = row["created_at"]
    digest = md5(row["notice_key"].encode(), usedforsecurity=False).hexdigest()
    content = {
        "format": FORMAT,
        "message_id": f"msg_{digest[:16]}",
        "idempotency_key": row["notice_key"],
        "kind": row["kind"],
        "created_at": _instant(created_at),
        "alert_id": alert["alert_id"],
        "subject": {"type": alert["entity_type"], "id": alert["entity_id"]},
        "typology": alert["typology"],
        "signals": codes,
        "event_at": _instant(alert["event_at"]) if alert["event_at"] else None,
        "opened_at": _instant(alert["opened_at"]),
        "void_at": _instant(alert["opened_at"] + holds),
    }
    return Message(
        message_id=content["message_id"],
        idempotency_key=row["notice_key"],
        effect_id="",
        kind=row["kind"],
        body=text_of(content),
        state=MessageState.SENDING,
        attempts=row["attempts"] + 1,
        next_at=row["next_at"],
        delivered=row["delivered"],
        problem=row["problem"],
        created_at=created_at,
        answered_at=None,
        answer="",
    )


def _instant(at: datetime) -> str:
    return f"{at.isoformat(timespec='seconds')}Z"
