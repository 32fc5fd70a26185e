"""The tiny database with another id or name in the place of one of its own, in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, old: str, new: str) -> Path:
    """The tiny database at `path`, with `new` wherever a text is `old` or the key of it."""
    tiny_database.write(path)
    columns = (
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        " where data_type like 'VARCHAR%'"
    )
    pairs = [(old, new), (f"merchant:{old}", f"merchant:{new}")]
    with duckdb.connect(str(path)) as con:
        for schema, table, column, kind in con.execute(columns).fetchall():
            place, value = f'{schema}."{table}"', f'"{column}"'
            for before, after in pairs:
                if kind == "VARCHAR":
                    put, where = "$after", f"{value} = $before"
                else:
                    put = f"list_transform({value}, lambda x: if(x = $before, $after, x))"
                    where = f"list_contains({value}, $before)"
                held = f"select count(*) from {place} where {where}"
                if con.execute(held, {"before": before}).fetchall()[0][0]:
                    con.execute(
                        f"update {place} set {value} = {put} where {where}",
                        {"before": before, "after": after},
                    )
    return path
