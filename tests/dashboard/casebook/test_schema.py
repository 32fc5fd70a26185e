"""The tables are portable SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from dashboard.casebook.schema import metadata


def test_the_tables_are_not_tied_to_sqlite() -> None:
    """Both databases accept the same table definitions."""
    dialects: tuple[Any, ...] = (sqlite, postgresql)
    for dialect in (each.dialect() for each in dialects):
        for table in metadata.sorted_tables:
            assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
