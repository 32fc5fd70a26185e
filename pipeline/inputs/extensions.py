"""Extensions of DuckDB that some sources need: loaded where they lie, never fetched.

A build asks no outside address by itself, so an extension that is not on the machine is a
sentence that says how to put it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable

    Loads = Callable[[str], bool]


def loader(con: duckdb.DuckDBPyConnection) -> Loads:
    """What loads an extension for `con` and says whether it could."""

    def load(name: str) -> bool:
        con.execute("set autoinstall_known_extensions = false")
        try:
            con.execute(f"load {name}")
        except duckdb.Error:
            return False
        return True

    return load


def lacking(name: str) -> str:
    """What to do where an extension is not on this machine."""
    version = duckdb.__version__
    return (
        f"DuckDB {version} has no extension {name} here: fetch it once, where there is a network, "
        f"with `python -c \"import duckdb; duckdb.sql('install {name}')\"`, and copy "
        f"~/.duckdb/extensions/v{version} over"
    )
