"""Folders kept from run to run by a key, whole or not at all.

An entry is written beside its name and renamed, and is compared with its own listing of
hashes each time it is used: what a killed run or a full disk left is made anew. Whoever
needs an entry gets a copy, so nothing that is written there reaches what is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEPT = 18
"""Entries of a cache: a run uses nine, so those of the run before a change stay.

With fewer than a run uses, each one would delete what it needs next, and keep nothing at all.
"""
LISTING = "files.json"
CONTENT = "content"


@dataclass(frozen=True)
class FolderCache:
    """Folders by key, each made once and copied to whoever needs it.

    One process at a time works in it, so two test runs at once make a folder once.
    """

    root: Path

    def fill(self, key: str, target: Path, make: Callable[[Path], object]) -> bool:
        """Give `target` what `make(target)` writes; True when it came from the cache."""
        with self._locked():
            is_kept = _copied(self.root / key, target)
            if not is_kept:
                make(target)
                self._keep(key, target)
            os.utime(self.root / key)  # when it was last of use
            self._prune()
        return is_kept

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it however a run ends
            yield

    def _keep(self, key: str, source: Path) -> None:
        """Write beside the entry and rename: what is there under its name is whole."""
        beside, entry = self.root / ".next", self.root / key
        for old in (beside, entry):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(source, beside / CONTENT)
        listing = json.dumps(_digests(beside / CONTENT), indent=2)
        (beside / LISTING).write_text(listing, encoding="utf-8")
        beside.rename(entry)

    def _prune(self) -> None:
        """Delete the entries that were not used for longest."""
        entries = [path for path in self.root.iterdir() if not path.name.startswith(".")]
        entries.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in entries[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _copied(entry: Path, target: Path) -> bool:
    """Copy an entry; False, and nothing at `target`, where it is missing or damaged."""
    try:
        listing = json.loads((entry / LISTING).read_text(encoding="utf-8"))
        shutil.copytree(entry / CONTENT, target)
        is_whole = bool(listing == _digests(target))
    except (OSError, ValueError):
        is_whole = False
    if not is_whole:
        shutil.rmtree(target, ignore_errors=True)
    return is_whole


def _digests(folder: Path) -> dict[str, str]:
    """Every file below a folder with a hash of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
