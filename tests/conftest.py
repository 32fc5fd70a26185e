"""One small marketplace, generated and built once, for every test that needs a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.build import Order, Report, build
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

# So dense with stories that every kind of entity has enough matured labels for a model.
SMALL = WorldSettings(orders=72_000, seed=11, story_density=5.0)


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of raw tables of a small sample marketplace."""
    folder = tmp_path_factory.mktemp("world") / "raw"
    generate(folder, SMALL)
    return folder


@pytest.fixture(scope="session")
def truth(small_world: Path) -> pl.DataFrame:
    """Everybody who was planted there."""
    return pl.read_parquet(small_world / "truth" / "truth.parquet")


@pytest.fixture(scope="session")
def built(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The finished build of the small marketplace."""
    return build(Order(small_world, tmp_path_factory.mktemp("build")))


@pytest.fixture
def con(built: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the built database."""
    with queries.connect(built.database) as connection:
        yield connection
