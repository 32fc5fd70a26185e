"""A folder on disk is whole or not there."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sample_data import (
    NotASampleWorld,
    WorldSettings,
    generate,
    is_current,
)
from sample_data.export import folder

pytestmark = pytest.mark.slow  # generates marketplaces

TINY = WorldSettings(orders=5_000)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def test_a_world_is_current_only_for_its_settings_and_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another seed, a missing table, a broken description or changed source means: generate."""
    out = tmp_path / "world"
    assert not is_current(out, TINY)
    generate(out, TINY)
    assert is_current(out, TINY)
    assert not is_current(out, replace(TINY, seed=8))
    with monkeypatch.context() as patched:
        patched.setattr(folder, "generator_version", lambda: "another")
        assert not is_current(out, TINY)
    (out / "world.json").write_text("{", encoding="utf-8")
    assert not is_current(out, TINY)
    generate(out, TINY)
    (out / "labels.parquet").unlink()
    assert not is_current(out, TINY)


def test_a_killed_run_leaves_the_old_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dying in the middle of writing changes nothing in the folder; the next run recovers."""
    out = tmp_path / "world"
    generate(out, TINY)
    before = _digests(out)
    add = folder.Shelf.add

    def die(shelf: folder.Shelf, table: str, rows: pl.DataFrame) -> None:
        if table == "reviews":
            raise KeyboardInterrupt
        add(shelf, table, rows)

    with monkeypatch.context() as patched:
        patched.setattr(folder.Shelf, "add", die)
        with pytest.raises(KeyboardInterrupt):
            generate(out, replace(TINY, seed=9))
        with pytest.raises(KeyboardInterrupt):
            generate(tmp_path / "fresh", TINY)
    assert _digests(out) == before
    assert not (tmp_path / "fresh").exists()
    generate(out, TINY)
    assert _digests(out) == before
    assert not (tmp_path / ".world.next").exists()


def test_a_full_disk_is_not_a_whole_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong on the writing thread ends the run, and nothing appears."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Shelf, "_write", refuse)
    with pytest.raises(OSError, match="No space left"):
        generate(tmp_path / "world", TINY)
    assert not (tmp_path / "world").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """The generator refuses to replace a folder that holds foreign files."""
    (tmp_path / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(NotASampleWorld, match=r"thesis\.txt"):
        generate(tmp_path, TINY)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "precious"
