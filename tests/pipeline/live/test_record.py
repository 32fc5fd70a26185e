"""The record of the lane keeps the contract of the queries that pages ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import queries
from pipeline.live.record import NAME, Record, write_record

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [name for name in queries.names() if name.startswith("pages/live/")]


@pytest.mark.parametrize("name", ASKED)
def test_a_query_of_the_record_returns_the_declared_columns(name: str, tmp_path: Path) -> None:
    """Names, order and types, over a record without a row."""
    write_record(tmp_path, Record())
    query = queries.get(name)
    values = {"varchar": "", "bigint": 1}
    params = {column.name: values[column.type] for column in query.params}
    with queries.connect(tmp_path / NAME) as con:
        rows = con.execute(f"describe {query.sql}", params or None).fetchall()
    assert {row[0]: str(row[1]).lower() for row in rows} == {
        column.name: column.type for column in query.returns
    }
