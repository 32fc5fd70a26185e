"""Where messages go and how they are signed, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.errors import OutboxError
from dashboard.outbox.signing import SHORTEST_KEY
from dashboard.people.sign_in import is_loopback

FOLDER_VARIABLE = "RINGFENCE_OUTBOX_DIR"
KEY_VARIABLE = "RINGFENCE_OUTBOX_KEY"
KEY_FILE_VARIABLE = "RINGFENCE_OUTBOX_KEY_FILE"
WEBHOOK_VARIABLE = "RINGFENCE_WEBHOOK_URL"
ANSWERS = "answers"
"""Folder beside the messages that the platform writes its answers to."""


@dataclass(frozen=True)
class OutboxSettings:
    """The ways to the platform; at least one of folder and address is there."""

    key: bytes
    folder: Path | None = None
    webhook: str = ""

    @property
    def answers(self) -> Path | None:
        """Where answers are looked for."""
        return self.folder / ANSWERS if self.folder else None


def is_configured() -> bool:
    """Whether the environment names any way to the platform."""
    return bool(os.environ.get(FOLDER_VARIABLE) or os.environ.get(WEBHOOK_VARIABLE))


def from_environment() -> OutboxSettings:
    """The settings; raises OutboxError where there is no way, no key, or no safe address."""
    folder, webhook = os.environ.get(FOLDER_VARIABLE), os.environ.get(WEBHOOK_VARIABLE)
    if not folder and not webhook:
        raise OutboxError(
            "There is no way to the platform.",
            f"Set {FOLDER_VARIABLE} to a folder, or {WEBHOOK_VARIABLE} to an address.",
        )
    if webhook:
        _check_address(webhook)
    return OutboxSettings(signing_key(), Path(folder).absolute() if folder else None, webhook or "")


def signing_key() -> bytes:
    """The key that both sides hold; raises OutboxError where there is none, or a short one."""
    text = os.environ.get(KEY_VARIABLE) or ""
    path = os.environ.get(KEY_FILE_VARIABLE)
    if not text and path:
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise OutboxError(
                f"The key file {path} cannot be read ({error}).", f"Mend {KEY_FILE_VARIABLE}."
            ) from error
    if len(text.encode()) < SHORTEST_KEY:
        raise OutboxError(
            f"Messages are signed with a key of at least {SHORTEST_KEY} characters.",
            f"Set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}; make one: openssl rand -hex 32",
        )
    return text.encode()


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise OutboxError(
            f"{WEBHOOK_VARIABLE} is no address of a webhook.",
            "Write it as https://platform.example.com/ringfence",
        )
    if parts.username is not None:
        raise OutboxError(
            f"{WEBHOOK_VARIABLE} holds a name or password.", "Messages are signed: leave it out."
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise OutboxError(
            f"{WEBHOOK_VARIABLE} is not encrypted, so that others read who is acted on.",
            "Use https; http is for this machine alone.",
        )
