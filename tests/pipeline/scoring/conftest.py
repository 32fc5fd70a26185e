"""One scored marketplace for every test of this folder; they only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.scoring import scored

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Scored with two packs."""
    with scored.build() as connection:
        yield connection
