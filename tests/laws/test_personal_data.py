"""No table that a page can read holds a name or an identifier of a person.

Every personal column of a delivery is marked, and each text with a part of its writer's name; the
delivery is built, and the mark is looked for in every column of every table.
What pages send: tests/dashboard/app_pages/test_personal_data.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.build import Order, build
from queries.personal_data import NAMED_TEXTS, attach_masks, personal_data
from tests import raw_folder

if TYPE_CHECKING:
    from pipeline.build import Report

MARK = "zzcanary"
JOINED_BY_VIEWS = "main.hidden_texts.body"
"""By what the views look up what is shown of a text; in no schema that a query may read."""


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The build of a delivery of which every personal value and every text begins with the mark."""
    frames = raw_folder.frames(200)
    for columns in (*personal_data().delivered.values(), personal_data().written):
        for table, _, column in (one.partition(".") for one in columns):
            value = pl.format("{} {} {}", pl.lit(MARK), pl.lit(f"{table}.{column}"), column)
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


def test_no_query_reads_what_the_views_join() -> None:
    """Queries name the schema of each table, and none is the one of that list."""
    list_of_views = JOINED_BY_VIEWS.rpartition(".")[0]
    assert list_of_views.partition(".")[0] not in queries.BUILT_SCHEMAS
    assert not [name for name in queries.names() if "hidden_texts" in queries.get(name).sql]


def test_the_build_looks_for_names_in_every_kind_of_text(marked: Report) -> None:
    """Whoever wrote it is looked up, also where a delivery has no buyer beside the words."""
    with queries.connect(marked.database) as con:
        rows = con.execute(f"select body from {NAMED_TEXTS} where part ilike '{MARK}'").fetchall()
    assert {body.split()[1] for (body,) in rows} == {*personal_data().written}


def test_no_table_that_pages_read_holds_a_mark(marked: Report) -> None:
    """The file itself holds it in dozens of columns; behind the views none is left."""
    with duckdb.connect() as con:
        con.execute(f"attach '{marked.database}' as everything (read_only)")
        catalogue = attach_masks(con, "everything", "a" * 32)
        assert len(marks(con, "everything")) > 20
        assert marks(con, catalogue) == {JOINED_BY_VIEWS}
