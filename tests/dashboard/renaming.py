"""The tiny database with another id or name in the place of one of its own, in every table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from tests.dashboard import tiny_database

COLUMNS = """
    select table_schema, table_name, column_name, data_type from information_schema.columns
    where data_type like 'VARCHAR%'
"""


def write(path: Path, old: str, new: str) -> Path:
    """The tiny database at `path`, with `new` wherever a text is `old` or the key of it."""
    tiny_database.write(path)
    with duckdb.connect(str(path)) as con:
        for place, value, kind, before in _places(old):
            put, where = _change(value, kind)
            after = f"merchant:{new}" if before != old else new
            con.execute(
                f"update {place} set {value} = {put} where {where}",
                {"before": before, "after": after},
            )
    return path


def _change(value: str, kind: str) -> tuple[str, str]:
    """What becomes of a column, and in which rows."""
    if kind == "VARCHAR":
        return "$after", f"{value} = $before"
    put = f"list_transform({value}, lambda x: if(x = $before, $after, x))"
    return put, f"list_contains({value}, $before)"


@cache
def _places(old: str) -> list[tuple[str, str, str, str]]:
    """Table, column, its type, and the text there that names `old`: looked for once."""
    with TemporaryDirectory() as folder:
        path = tiny_database.write(Path(folder) / "tiny.duckdb")
        with duckdb.connect(str(path), read_only=True) as con:
            every = [
                (f'{schema}."{table}"', f'"{column}"', kind, before)
                for schema, table, column, kind in con.execute(COLUMNS).fetchall()
                for before in (old, f"merchant:{old}")
            ]
            return [one for one in every if _holds(con, *one)]


def _holds(con: duckdb.DuckDBPyConnection, place: str, value: str, kind: str, before: str) -> bool:
    where = _change(value, kind)[1]
    held = f"select 1 from {place} where {where} limit 1"
    return bool(con.execute(held, {"before": before}).fetchall())
