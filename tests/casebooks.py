"""An empty casebook in a file, made once by a process and copied to whoever needs one.

Its making is what the tests of formats and migrations are about; for all others it was a tenth of
a CPU second each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.casebook.engine import open_engine


def empty_casebook(path: Path) -> str:
    """The address of the casebook at `path`, which is put there where none is."""
    if not path.exists():
        path.write_bytes(_empty())
    return f"sqlite:///{path}"


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "casebook.sqlite"
        open_engine(f"sqlite:///{path}").dispose()
        return path.read_bytes()
