"""One small marketplace, generated and built once, for every test that needs a real one.

It is kept between runs (`tests/build_cache.py`), and a test that needs it is marked slow.
"""

from __future__ import annotations

import os
import sys
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.build import Order, Report
from pipeline.engines.session import connected
from sample_data import WorldSettings
from tests import raw_folder
from tests.build_cache import BuildCache
from tests.engines import ENGINE, sail
from tests.every_table import EVERY_TABLE
from tests.folder_cache import FolderCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb
    from pyspark.sql.connect.session import SparkSession
    from streamlit.testing.v1.local_script_runner import LocalScriptRunner
    from xdist.remote import Producer

    from tests.processes import ByFile

# So dense with stories that every kind of entity has enough matured labels for a model.
ROOT = Path(__file__).parents[1]
SMALL = WorldSettings(orders=72_000, seed=11, story_density=5.0)
COMPACT = WorldSettings(orders=12_000, seed=11, story_density=5.0)
TINY = WorldSettings(orders=5_000)


def pytest_configure() -> None:
    """The demo that somebody built in this folder is no data of a test that names none."""
    os.environ["RINGFENCE_DATABASE"] = str(ROOT / "build" / "none" / "ringfence.duckdb")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow what shares a fixture of ours with other tests; the rest is `make quick`.

    A marketplace, its build, a browser, a fitted model, the database of the pages: each is
    made once for many tests because making it takes long.
    """
    for item in items:
        if isinstance(item, pytest.Function) and _shares(item):
            item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):
        from tests.processes import turn

        items.sort(key=lambda item: turn(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Who of several processes runs what."""
    from tests.processes import ByFile

    return ByFile(config, log)


def _shares(item: pytest.Function) -> bool:
    """Whether a fixture of the test, or one of that fixture's, is ours and made for many."""
    closure = [one for each in item._fixtureinfo.name2fixturedefs.values() for one in each]
    return any(one.scope != "function" and one.baseid.startswith("tests") for one in closure)


def pytest_collection_finish() -> None:
    """Two things that Streamlit does at each run of a page in a test are done more cheaply.

    Installed packages are scanned for components once: that took more than half of the time.
    And whoever waits for a run waits for its thread: to ask it every millisecond takes the
    interpreter from it each time, a tenth of its CPU time.
    """
    if "streamlit" in sys.modules:
        from streamlit.components.v2 import manifest_scanner
        from streamlit.testing.v1 import local_script_runner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
        local_script_runner.require_widgets_deltas = partial(
            _wait_for_run, local_script_runner.require_widgets_deltas
        )


def _wait_for_run(
    ask: Callable[[LocalScriptRunner, float], None], runner: LocalScriptRunner, timeout: float = 3
) -> None:
    if runner._script_thread is not None:
        runner._script_thread.join(timeout)
    ask(runner, 1)  # stopped by now, or it says that time is up


@pytest.fixture(scope="session")
def build_cache() -> BuildCache:
    """Marketplaces and builds of this and earlier runs."""
    return BuildCache(FolderCache(ROOT / "build" / "test-cache"))


@pytest.fixture(scope="session")
def small_world(build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of raw tables of a small sample marketplace."""
    return build_cache.world(SMALL, tmp_path_factory.mktemp("world") / "raw")


@pytest.fixture(scope="session")
def compact_world(build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a sixth of the orders, for laws that build it twice: every model is fitted."""
    return build_cache.world(COMPACT, tmp_path_factory.mktemp("compact_world") / "raw")


@pytest.fixture(scope="session")
def tiny_world(build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of raw tables of the smallest marketplace."""
    return build_cache.world(TINY, tmp_path_factory.mktemp("tiny_world") / "raw")


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery of two hundred rows in each table, for tests of how a build goes and ends.

    No model is fitted on it, and every stage runs.
    """
    return raw_folder.write(tmp_path_factory.mktemp("plain") / "raw", raw_folder.frames(200))


@pytest.fixture(scope="session")
def truth(small_world: Path) -> pl.DataFrame:
    """Everybody who was planted there."""
    return pl.read_parquet(small_world / "truth" / "truth.parquet")


@pytest.fixture(scope="session")
def built(
    small_world: Path, build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory
) -> Report:
    """The finished build of the small marketplace."""
    out = tmp_path_factory.mktemp("build") / "out"
    return build_cache.build(Order(small_world, out, EVERY_TABLE))


@pytest.fixture(scope="session")
def compact_built(
    compact_world: Path, build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory
) -> Report:
    """The finished build of the compact marketplace."""
    out = tmp_path_factory.mktemp("compact") / "out"
    return build_cache.build(Order(compact_world, out, EVERY_TABLE))


@pytest.fixture(scope="session")
def opened(built: Report) -> Iterator[Report]:
    """The same, and open until the last test: its catalog is read once, not by each of them.

    Connections to one file share an instance; alone, each takes 23 ms to open it.
    """
    with queries.connect(built.database):
        yield built


@pytest.fixture(scope="session")
def engine_address() -> Iterator[str]:
    """A server of Spark Connect: the one that is asked for, or one without Java."""
    with sail() as address:
        yield ENGINE or address


@pytest.fixture(scope="session")
def engine_session(engine_address: str) -> Iterator[SparkSession]:
    """A session there, as a build has it."""
    with connected(engine_address) as session:
        yield session


@pytest.fixture
def con(opened: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the built database."""
    with queries.connect(opened.database) as connection:
        yield connection


@pytest.fixture
def compact_con(compact_built: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same to the build of the compact marketplace."""
    with queries.connect(compact_built.database) as connection:
        yield connection
