"""One build at a time in a folder."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lock_file(out: Path) -> Path:
    """The file that a build of the folder holds locked."""
    return out / ".build.lock"


@contextmanager
def only_builder(out: Path) -> Iterator[None]:
    """Hold the build lock of a folder, which is made where it is not there.

    The kernel lets go of the lock however the process ends. Raises BuildError when another
    build holds it or the folder cannot be made, OSError when no file can be written there.
    """
    _make_folder(out)
    with lock_file(out).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                f"Another build is writing to {out}.",
                "One build at a time was expected.",
                "Wait until it ends, or give this one another folder with --out.",
            ) from error
        yield


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BuildError(
            f"The folder {out} cannot be made ({error.strerror}).",
            "A folder that may be written to was expected.",
            "Name another with --out.",
        ) from error
