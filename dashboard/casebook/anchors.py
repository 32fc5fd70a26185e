"""Where the audit trail ended, written down outside the casebook and signed with a key.

Whoever may write the casebook can seal a changed trail anew from its first entry, cut its end off,
put an old copy back or delete the file: nothing inside it can tell. So its head is anchored in a
log beside the key, and each line of the log seals the one before it:
docs/decisions/0138-an-anchor-outside.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.casebook.chain import text_of
from dashboard.errors import AnchorsBroken, KeyUnusable
from dashboard.places import AUDIT_KEY_VARIABLE, audit_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORTEST_KEY = 32
"""Characters; fewer can be guessed."""
KEY_FILE = "audit.key"
_OTHERS = 0o077


@dataclass(frozen=True)
class Anchor:
    """Where the trail of the casebook at `place` ended at an instant (UTC), and what asked.

    `previous` is the `mac` of the anchor before it; empty = it is the first.
    """

    number: int
    at: str
    cause: str
    place: str
    seq: int
    hash: str
    previous: str
    mac: str = ""


def key() -> bytes | None:
    """The key of this house: from the environment, else from its file; None where there is none.

    Raises KeyUnusable for a key that is short, or that others can read.
    """
    given = os.environ.get(AUDIT_KEY_VARIABLE, "").strip()
    file = audit_folder() / KEY_FILE
    if not given:
        if not file.is_file():
            return None
        if os.name == "posix" and file.stat().st_mode & _OTHERS:
            raise KeyUnusable(f"Others can read the key {file}.", f"Run: chmod 600 {file}")
        given = file.read_text(encoding="utf-8").strip()
    if len(given) < SHORTEST_KEY:
        raise KeyUnusable(
            f"The audit key has {len(given)} characters; fewer than {SHORTEST_KEY} can be guessed.",
            "Make one with: ringfence audit key",
        )
    return given.encode()


def make_key() -> Path:
    """A new key in its file, which only its owner reads; raises KeyUnusable where one is there."""
    file = audit_folder() / KEY_FILE
    if file.exists():
        raise KeyUnusable(
            f"There is a key at {file}.",
            "Keep it: without it nothing that was anchored can be checked.",
        )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secrets.token_hex(32) + "\n")
    return file


def log_of(place: str) -> Path:
    """The file with the anchors of the casebook at `place`."""
    name = hashlib.sha256(place.encode()).hexdigest()[:12]
    return audit_folder() / f"anchors-{name}.jsonl"


def anchors_of(place: str, secret: bytes) -> list[Anchor]:
    """Every anchor of a casebook, oldest first; AnchorsBroken where the log does not hold."""
    file = log_of(place)
    if not file.is_file():
        return []
    read: list[Anchor] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            anchor = Anchor(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise _broken(file, number) from error
        previous = read[-1].mac if read else ""
        follows = (anchor.number, anchor.previous, anchor.place) == (number, previous, place)
        if not follows or not hmac.compare_digest(anchor.mac, signature(secret, _signed(anchor))):
            raise _broken(file, number)
        read.append(anchor)
    return read


def anchor(place: str, cause: str, end: tuple[int, str]) -> Anchor | None:
    """Write down where a trail ends; None without a key, or where the last anchor says the same."""
    secret = key()
    if secret is None:
        return None
    with _locked(log_of(place)) as file:
        before = anchors_of(place, secret)
        last = before[-1] if before else None
        if last and (last.seq, last.hash) == end:
            return None
        at = datetime.now(UTC).isoformat(timespec="seconds")
        bare = Anchor(len(before) + 1, at, cause, place, *end, last.mac if last else "")
        made = Anchor(**{**vars(bare), "mac": signature(secret, _signed(bare))})
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(vars(made), sort_keys=True) + "\n")
            out.flush()
            os.fsync(out.fileno())
    return made


def signature(secret: bytes, content: dict[str, Any]) -> str:
    """HMAC-SHA-256 of plain values, as hex."""
    return hmac.new(secret, text_of(content).encode(), hashlib.sha256).hexdigest()


def _signed(one: Anchor) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name != "mac"}


def _broken(file: Path, number: int) -> AnchorsBroken:
    return AnchorsBroken(
        f"Line {number} of the anchors in {file} does not hold: it was changed, moved or signed "
        "with another key.",
        "Put back the log and the key that belong together; ask who wrote to them.",
    )


@contextmanager
def _locked(file: Path) -> Iterator[Path]:
    """One writer of the log at a time; on Windows processes do not share it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(handle)
