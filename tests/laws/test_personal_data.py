"""No table that a page can read holds a name or an identifier of a person.

Every personal column of a delivery is marked, the delivery is built, and the mark is looked for
in every column of every table. What pages send: tests/dashboard/app_pages/test_personal_data.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.build import Order, build
from queries.personal_data import attach_masks, personal_data
from tests import raw_folder

if TYPE_CHECKING:
    from pipeline.build import Report

MARK = "zzcanary"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The build of a delivery of which every personal value begins with the mark."""
    frames = raw_folder.frames(200)
    for columns in personal_data().delivered.values():
        for table, _, column in (one.partition(".") for one in columns):
            value = pl.format("{} {} {}", pl.lit(MARK), pl.lit(column), column)
            frames[table] = frames[table].with_columns(value.alias(column))
    folder = raw_folder.write(tmp_path_factory.mktemp("marked") / "raw", frames)
    return build(Order(folder, tmp_path_factory.mktemp("marked_build") / "out"))


def marks(con: duckdb.DuckDBPyConnection, catalogue: str) -> set[str]:
    """The columns of a catalogue that hold the mark, either way round, whatever their type."""
    every = con.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where database_name = $name and not internal",
        {"name": catalogue},
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column in every:
        tables.setdefault(table, []).append(column)
    found = set()
    for table, columns in tables.items():
        tests = ", ".join(
            f"coalesce(bool_or(contains(lower(\"{one}\"::varchar), '{MARK}') "
            f"or contains(lower(\"{one}\"::varchar), '{MARK[::-1]}')), false)"
            for one in columns
        )
        (row,) = con.execute(f"select {tests} from {catalogue}.{table}").fetchall()
        found |= {f"{table}.{one}" for one, is_there in zip(columns, row, strict=True) if is_there}
    return found


def test_no_table_that_pages_read_holds_a_mark(marked: Report) -> None:
    """The file itself holds it in dozens of columns; behind the views none is left."""
    with duckdb.connect() as con:
        con.execute(f"attach '{marked.database}' as everything (read_only)")
        catalogue = attach_masks(con, "everything", "a" * 32)
        assert len(marks(con, "everything")) > 20
        assert marks(con, catalogue) == set()
