"""Which files a table of Delta consists of now, by its own log and without DuckDB's extension.

The log is read by `deltalake` (`pip install 'ringfence[delta]'`); the Parquet files that it names
are read as part files are. That is the whole table as long as it uses nothing newer than that:
where rows are deleted by vectors or columns go by other names, it is said and not read.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HARMLESS = frozenset({"timestampNtz"})
"""Features of a reader that change nothing about which rows the files hold."""
_OLDEST, _BY_FEATURES = 1, 3
"""Versions of a reader: the first, and the one that names what it needs."""


def can_read() -> bool:
    """Whether the log can be read."""
    return find_spec("deltalake") is not None


def live_files(folder: Path) -> list[str]:
    """Paths of the files that hold the rows of today.

    Raises ValueError with a sentence where files alone do not say what the rows are.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        table = DeltaTable(str(folder))
        protocol = table.protocol()
        needed = set(protocol.reader_features or ()) - _HARMLESS
        version = protocol.min_reader_version
        if needed or version not in (_OLDEST, _BY_FEATURES):
            said = ", ".join(sorted(needed)) or f"version {version} of the reader"
            raise ValueError(f"a table of Delta that needs {said}")
        return sorted(table.file_uris())
    except DeltaError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"a table of Delta whose log cannot be read ({reason})") from error
