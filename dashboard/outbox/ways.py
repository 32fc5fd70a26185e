"""The ways to the platform: a folder of signed files, and a webhook.

Neither follows a redirect nor asks a proxy: what acts on people goes where it was told to go. A
message goes under the same name and key however often it is sent.
"""

from __future__ import annotations

import os
import ssl
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from dashboard.errors import OutboxError
from dashboard.outbox.signing import envelope, signature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dashboard.cases.effects import Message
    from dashboard.outbox.settings import OutboxSettings

TIMEOUT_SECONDS = 10.0
SIGNATURE_HEADER, KEY_HEADER = "X-Ringfence-Signature", "Idempotency-Key"
_OK = range(200, 300)


class Way(Protocol):
    """One way out."""

    @property
    def name(self) -> str:
        """What it is called in the column `delivered`."""
        ...

    def send(self, message: Message) -> None:
        """Hand a message over; raises OutboxError with the reason where it did not arrive."""


@dataclass(frozen=True)
class Folder:
    """A file for each message, complete whenever it is seen."""

    path: Path
    key: bytes
    name: str = "file"

    def send(self, message: Message) -> None:
        """Write the file; one that is there already is replaced by the same bytes."""
        target = self.path / file_name(message)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.{os.getpid()}.part")
            with part.open("w", encoding="utf-8") as file:
                file.write(envelope(message.body, self.key))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            _sync(self.path)
        except OSError as error:
            raise OutboxError(
                f"The file cannot be written ({error.strerror or error}).", f"Look at {self.path}."
            ) from error


@dataclass(frozen=True)
class Webhook:
    """A POST of the body with its signature and idempotency key."""

    url: str
    key: bytes
    name: str = "webhook"
    timeout: float = TIMEOUT_SECONDS

    def send(self, message: Message) -> None:
        """Send it; whatever is no 2xx within the timeout did not arrive."""
        parts = urlsplit(self.url)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        headers = {
            "Content-Type": "application/json",
            KEY_HEADER: message.idempotency_key,
            SIGNATURE_HEADER: f"sha256={signature(message.body, self.key)}",
        }
        try:
            with closing(self._connection()) as con:
                con.request("POST", path, message.body.encode(), headers)
                status = con.getresponse().status
        except (OSError, HTTPException) as error:
            raise OutboxError(
                f"The webhook did not answer ({type(error).__name__}: {error}).",
                "It is tried again.",
            ) from error
        if status not in _OK:
            raise OutboxError(f"The webhook answered {status}.", "It is tried again.")

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, parts.port, timeout=self.timeout, context=context)
        return HTTPConnection(host, parts.port, timeout=self.timeout)


def ways_of(settings: OutboxSettings) -> Sequence[Way]:
    """Every way that the settings name."""
    ways: list[Way] = []
    if settings.folder:
        ways.append(Folder(settings.folder, settings.key))
    if settings.webhook:
        ways.append(Webhook(settings.webhook, settings.key))
    return ways


def file_name(message: Message) -> str:
    """Names sort as messages were made: `20261201T071000-msg_0123.json`."""
    return f"{message.created_at:%Y%m%dT%H%M%S%f}-{message.message_id}.json"


def _sync(folder: Path) -> None:
    """A file whose folder was not written is gone after a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
