"""A marketplace or a build is kept for the same data, settings, source and packages only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import queries
from pipeline.build import Order, build
from sample_data.export import folder as world_folder
from tests import build_cache, raw_folder
from tests.build_cache import BuildCache
from tests.conftest import TINY
from tests.folder_cache import FolderCache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path) -> FolderCache:
    """An empty cache."""
    return FolderCache(tmp_path / "cache")


def test_a_world_is_generated_once_for_the_same_settings_and_source(
    folders: FolderCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another seed or a changed line of the generator is another world."""
    cache, made = BuildCache(folders), []
    monkeypatch.setattr(build_cache, "generate", lambda out, _: made.append(out.mkdir() or out))
    for name in ("one", "same"):
        cache.world(TINY, tmp_path / name)
    assert made == [tmp_path / "one"]
    cache.world(replace(TINY, seed=8), tmp_path / "seed")
    monkeypatch.setattr(world_folder, "generator_version", lambda: "of a changed line")
    cache.world(TINY, tmp_path / "source")
    assert made == [tmp_path / "one", tmp_path / "seed", tmp_path / "source"]


def test_a_build_is_made_once_for_the_same_input(
    folders: FolderCache, plain: Path, tmp_path: Path
) -> None:
    """A kept build reports what the first did, and the pipeline itself takes it for current."""
    cache = BuildCache(folders)
    first = cache.build(Order(plain, tmp_path / "first"))
    second = cache.build(Order(plain, tmp_path / "second"))
    assert replace(second, database=first.database) == first
    assert second.database == tmp_path / "second" / first.database.name
    assert second.is_fresh
    assert {one.stage for one in second.stages} == {one.stage for one in first.stages} != set()
    assert not build(Order(plain, tmp_path / "second")).is_fresh
    with queries.connect(second.database) as con:
        assert queries.row_count(con, "staging.orders") > 0


def test_a_build_key_holds_data_and_installed_packages(
    folders: FolderCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another delivery, another line of source or another DuckDB is another build."""
    cache, keys = BuildCache(folders), []

    def take(_: FolderCache, key: str, *__: object) -> bool:
        keys.append(key)
        raise LookupError

    def ask() -> None:
        with pytest.raises(LookupError):
            cache.build(Order(raw, tmp_path / "out"))

    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    monkeypatch.setattr(FolderCache, "fill", take)
    ask()
    ask()
    monkeypatch.setattr(build_cache, "installed", lambda: "duckdb of next year")
    ask()
    tables = raw_folder.frames()
    raw_folder.write(raw, {**tables, "orders": tables["orders"].head(1)})
    ask()
    monkeypatch.setattr(build_cache, "fingerprint", lambda _: "of a changed line")
    ask()
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(keys) - 1 == 4
