"""Whether the whole audit trail holds: in itself, and against the anchors outside the casebook.

Nothing here opens the casebook as the app does: what is looked at is neither made nor migrated.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from dashboard.casebook import anchors
from dashboard.casebook.chain import text_of
from dashboard.casebook.engine import unmigrated
from dashboard.casebook.erasing import proof_of
from dashboard.casebook.formats import ABSENT, format_of
from dashboard.casebook.verifying import Erased, first_broken, trail_of
from dashboard.errors import CasebookUnavailable
from dashboard.text import plural
from pipeline.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from dashboard.casebook.anchors import Anchor
    from dashboard.cases.records import AuditEntry

RESTORE = "restore"
"""The cause of an anchor that takes the place of those after where it stands."""


@dataclass(frozen=True)
class Trail:
    """What was found: whether it holds, in sentences the first of which says so, and its end."""

    holds: bool
    sentences: tuple[str, ...]
    end: tuple[int, str] | None = None


def examine(url: str) -> Trail:
    """Look at the trail of the casebook at `url` and at its anchors; raises CasebookUnavailable."""
    place = place_of(url)
    secret = anchors.key()
    known = anchors.anchors_of(place, secret) if secret else []
    file = _file(url)
    if file is not None and not file.is_file():
        return Trail(False, (_absent(place, known),))
    with opened(url) as con:
        if format_of(con) == ABSENT:
            return Trail(False, (_absent(place, known),))
        return _examined(con, known, secret)


def place_of(url: str) -> str:
    """Where a casebook is, as its anchors name it: without a password, a file by its whole path."""
    file = _file(url)
    if file is not None:
        return f"sqlite:///{file.absolute()}"
    return make_url(url).render_as_string(hide_password=True)


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A read transaction on a casebook as it stands, of whatever format."""
    engine = unmigrated(url)
    try:
        with engine.connect() as con, con.begin():
            yield con
    except SQLAlchemyError as error:
        reason = str(error).partition("\n")[0]
        raise CasebookUnavailable(
            f"The casebook at {place_of(url)} cannot be read ({reason}).",
            "Check the place, its rights and its server.",
        ) from error
    finally:
        engine.dispose()


def export(url: str, target: Path) -> int:
    """Write the trail as JSON lines, a line an entry and the seal last; gives the entries.

    README.md says how to check the file without the casebook.
    """
    file = _file(url)
    if file is not None and not file.is_file():
        raise CasebookUnavailable(
            f"There is no casebook at {place_of(url)}.", "The first decision makes it."
        )
    with opened(url) as con:
        trail = trail_of(con)
    lines = [text_of({**vars(one), "at": one.at.isoformat(timespec="microseconds")})
             for one in trail]  # fmt: skip
    body = "".join(f"{line}\n" for line in lines)
    seal: dict[str, Any] = {
        "entries": len(trail),
        "hash": trail[-1].hash if trail else "",
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
    }
    secret = anchors.key()
    signed = seal | ({"hmac": anchors.signature(secret, seal)} if secret else {})
    with whole_file(target) as partial:
        partial.write_text(body + text_of({"seal": signed}) + "\n", encoding="utf-8")
    return len(trail)


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in {None, ":memory:"}
    return Path(str(parsed.database)) if is_file else None


def _absent(place: str, known: Sequence[Anchor]) -> str:
    if not known:
        return f"There is no casebook at {place}."
    last = known[-1]
    return (
        f"There is no casebook at {place}, and {last.seq:,} entries of it were anchored on "
        f"{last.at[:10]}: it was deleted or moved. Put the last backup back: "
        "ringfence casebook restore FILE"
    )


def _examined(con: Connection, known: Sequence[Anchor], secret: bytes | None) -> Trail:
    trail = trail_of(con)
    end = (trail[-1].seq, trail[-1].hash) if trail else (0, "0" * 64)
    broken = first_broken(con)
    if broken:
        said = f"The audit trail does not hold: entry {broken.seq}, {broken.problem}."
        return Trail(False, (said, _KEEP), end)
    notes = _erased(trail)
    if secret is None:
        said = f"The audit trail holds in itself: {len(trail):,} entries."
        return Trail(True, (said, _WITHOUT_KEY, *notes), end)
    problem = _against(trail, known) or _unsigned(trail, known, secret)
    if problem:
        return Trail(False, (f"The audit trail does not hold: {problem}", _KEEP), end)
    many = f"{plural(len(trail), 'entry', 'entries')}, {plural(len(known), 'anchor')}"
    said = f"The audit trail holds: {many}."
    after = len(trail) - (known[-1].seq if known else 0)
    fresh = f"{after:,} entries came after the last anchor: nothing outside vouches for these yet."
    return Trail(True, (said, *([fresh] if after else []), *_restored(known), *notes), end)


_KEEP = (
    "Keep the file as it is, find out who wrote to it, and put the last backup that holds in its "
    "place: ringfence casebook restore FILE"
)
_WITHOUT_KEY = (
    "There is no audit key, so nothing outside the casebook vouches for it: a trail that was "
    "sealed anew, cut off at its end or put back from an old copy looks the same, and of a deleted "
    "file nobody would know. Make one: ringfence audit key"
)


def _against(trail: Sequence[AuditEntry], known: Sequence[Anchor]) -> str:
    """What an anchor says otherwise; empty = nothing. A restore speaks for those before it."""
    standing: list[Anchor] = []
    for one in known:
        if one.cause == RESTORE:
            standing = [each for each in standing if each.seq <= one.seq]
        standing.append(one)
    for one in standing:
        if one.seq > len(trail):
            return (
                f"it ends at entry {len(trail):,}, and {one.seq:,} were anchored on {one.at[:10]}: "
                "its end was cut off, or an old copy was put back."
            )
        if one.seq and trail[one.seq - 1].hash != one.hash:
            return (
                f"entry {one.seq:,} is not the one that was anchored on {one.at[:10]}: the trail "
                "was sealed anew, or is another casebook's."
            )
    return ""


def _unsigned(trail: Sequence[AuditEntry], known: Sequence[Anchor], secret: bytes) -> str:
    """An erasure that nobody with the key made, once there was a key; empty = none."""
    first = known[0].seq if known else len(trail)
    for one in trail:
        if one.action == "erase":
            row = json.loads(one.after)
            is_early = one.seq <= first and not row["proof"]
            if not is_early and row["proof"] != proof_of(row, secret):
                return f"entry {one.seq:,} erases texts, and was not signed with the audit key."
    return ""


def _restored(known: Sequence[Anchor]) -> list[str]:
    """Which entries a restore gave up."""
    said, highest = [], 0
    for one in known:
        if one.cause == RESTORE and highest > one.seq:
            said.append(
                f"On {one.at[:10]} a backup of {one.seq:,} entries was restored in the place of "
                f"{highest:,}."
            )
        highest = max(highest, one.seq) if one.cause != RESTORE else one.seq
    return said


def _erased(trail: Sequence[AuditEntry]) -> list[str]:
    erased = Erased.of([*trail])
    if not erased.entries and not erased.snapshots:
        return []
    said = (
        f"{len(erased.entries):,} entries lost their texts to an erasure: it seals the rest of "
        "each, and that it took texts alone is the word of who made it."
    )
    return [said]
