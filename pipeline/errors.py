"""Everything the pipeline can refuse to do, each with a remedy.

One tree, so that the command line can catch one class, print one sentence and
leave anything else to crash visibly::

    PipelineError
    |-- InputError     the raw folder breaks the contract        (ingest)
    |-- BuildError     a build cannot start, or cannot finish    (build)
    |   `-- StorageError  a disk or memory gives no more         (build, any command)
    |-- StageError     a stage lacks what an earlier one writes  (any stage)
    `-- PackError      a typology pack asks for what is not there (scores)
"""

from __future__ import annotations

import errno
import os
import re


class PipelineError(Exception):
    """A refusal in three parts: what was found, what was expected, what to do next."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found} {expected} {remedy}")
        self.found = found
        """What was met: the value and where it stood."""
        self.expected = expected
        """What would have been right."""
        self.remedy = remedy
        """The next step for whoever reads this."""


class InputError(PipelineError):
    """The delivered raw tables break their contract."""


class BuildError(PipelineError):
    """A build cannot start or cannot finish; the last good file is untouched."""


class StorageError(BuildError):
    """A disk, a folder or the memory refuses what is needed."""

    @classmethod
    def of(cls, error: BaseException, place: object, room: str = "") -> StorageError | None:
        """`error` as a sentence where it says that storage failed, None for any other.

        `place` is the file or folder spoken of where the error names none; `room` is what is
        known of the space there. Databases and file formats wrap what the system says, so
        their texts are searched for its words.
        """
        if isinstance(error, PipelineError):
            return None
        if isinstance(error, MemoryError) or "Out of Memory Error" in str(error):
            return cls(_short_of_memory(error), *_MEMORY)
        number = _errno(error)
        if number is None:
            return None
        where = _named(error) or place
        found, expected, remedy = _SENTENCES[number]
        return cls(found.format(where), " ".join(filter(None, (room, expected))), remedy)


class StageError(PipelineError):
    """A stage was started before the tables it reads were there."""


class PackError(PipelineError):
    """A typology pack names a feature or writes a predicate that cannot be run."""


_ROOM = "Make room there, or name a folder on another disk."
_RIGHTS = "Change its rights or its owner, or name another place."
_WRITABLE = "A place that may be written to was expected."
_KIND = "Move what stands there away, or name another place."
_MEMORY = (
    "What does not fit into memory goes to disk, but this much has to fit.",
    "Give the machine or container more, or deliver fewer days.",
)
_SENTENCES: dict[int, tuple[str, str, str]] = {
    errno.ENOSPC: ("The disk of {} is full.", "", _ROOM),
    errno.EDQUOT: ("Your quota on the disk of {} is used up.", "", _ROOM),
    errno.EFBIG: (
        "A file of {} may not grow any further.",
        "",
        "Raise the limit on the size of files (ulimit -f), or name a folder on another disk.",
    ),
    errno.EROFS: ("The disk of {} can only be read.", _WRITABLE, "Name a folder on another disk."),
    errno.EACCES: ("You may not use {}.", "The right to read and write was expected.", _RIGHTS),
    errno.EPERM: ("You may not use {}.", "The right to read and write was expected.", _RIGHTS),
    errno.EIO: ("The disk of {} reports an error.", _WRITABLE, "Look after the disk."),
    errno.EISDIR: ("{} is a folder.", "A file was expected.", _KIND),
    errno.ENOTDIR: ("{} lies below something that is no folder.", "A folder was expected.", _KIND),
    errno.ENOTEMPTY: ("{} is a folder that is not empty.", "A file was expected.", _KIND),
    errno.ENAMETOOLONG: ("{} is too long a name.", "", "Name a shorter one."),
    errno.EMFILE: ("Too many files are open.", "", "Raise their number: ulimit -n 4096"),
}
"""What the system says, by its number, in sentences about a place."""


def _errno(error: BaseException) -> int | None:
    """The system's number behind an error of any library that reads or writes files."""
    if isinstance(error, OSError) and error.errno in _SENTENCES:
        return error.errno
    text = str(error)
    if "max_temp_directory_size" in text or "failed to offload" in text:
        return errno.ENOSPC
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in _STORES:
        return next((one for one in _SENTENCES if os.strerror(one) in text), None)
    return None


_PATH = re.compile(r"""file ["']([^"']+)["']""")
_STORES = ("duckdb", "_duckdb", "polars", "pyarrow", "sqlite3", "sqlalchemy")


def _named(error: BaseException) -> object:
    """The path that an error names."""
    if isinstance(error, OSError) and error.filename:
        return error.filename
    quoted = _PATH.search(str(error))
    return quoted[1] if quoted else None


def _short_of_memory(error: BaseException) -> str:
    reason = str(error).partition("\n")[0].removeprefix("Out of Memory Error: ")
    return f"The memory does not suffice ({reason or 'an allocation failed'})."
