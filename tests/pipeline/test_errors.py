"""What a disk or the memory refuses becomes a sentence, a fault of ours stays a fault."""

from __future__ import annotations

import errno
import os

import duckdb
import polars as pl
import pytest

from pipeline.errors import BuildError, InputError, StorageError


def system(number: int, path: str | None = None) -> OSError:
    """What the system raises for a number, perhaps of a path."""
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (system(errno.ENOSPC, "/srv/a"), "The disk of /srv/a is full."),
        (system(errno.ENOSPC), "The disk of /out is full."),
        (system(errno.EROFS), "The disk of /out can only be read."),
        (system(errno.EACCES, "/srv/a"), "You may not use /srv/a."),
        (system(errno.EISDIR, "/srv/a"), "/srv/a is a folder. A file was expected."),
        (system(errno.EDQUOT), "Your quota on the disk of /out is used up."),
        (
            duckdb.IOException('Could not write file "/srv/x.wal": No space left on device'),
            "The disk of /srv/x.wal is full.",
        ),
        (
            duckdb.FatalException("Failed to create checkpoint: Input/output error"),
            "The disk of /out reports an error.",
        ),
        (pl.exceptions.ComputeError("File too large (os error 27)"), "A file of /out may not"),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: could not allocate 8 MB (1/1 used)"),
            "The memory does not suffice (could not allocate 8 MB (1/1 used)).",
        ),
        (MemoryError(), "The memory does not suffice (an allocation failed)."),
    ],
)
def test_storage_that_refuses_is_a_sentence_about_a_place(error: Exception, start: str) -> None:
    """With a remedy, whichever library met it."""
    sentence = StorageError.of(error, "/out")
    assert sentence is not None
    assert str(sentence).startswith(start)
    assert len(sentence.remedy) > 10
    assert "{}" not in str(sentence)


def test_the_room_that_is_known_is_said() -> None:
    """Between what was met and what to do."""
    sentence = StorageError.of(system(errno.ENOSPC), "/out", "2 MB are free.")
    assert str(sentence) == (
        "The disk of /out is full. 2 MB are free. "
        "Make room there, or name a folder on another disk."
    )


@pytest.mark.parametrize(
    "error",
    [
        ValueError("No space left on device"),
        KeyError("x"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "forgotten.sql"),
        duckdb.ParserException("syntax error"),
        BuildError("Another build.", "One.", "Wait."),
        InputError("A fault.", "None.", "Mend it."),
    ],
)
def test_anything_else_is_not_explained_away(error: Exception) -> None:
    """A fault of ours crashes visibly, and a sentence stays what it was."""
    assert StorageError.of(error, "/out") is None
