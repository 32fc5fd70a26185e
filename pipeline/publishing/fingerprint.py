"""Everything a build depends on, as one hash: the same hash, nothing to build."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline
import queries
from pipeline.inputs.sources import local_files
from queries.contract import raw_tables
from queries.packs import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.publishing.order import Order

LIBRARIES = ("duckdb", "lightgbm", "numpy", "polars", "scipy")
"""Whose next version may compute another last digit."""


def fingerprint(order: Order) -> str:
    """Hash of everything a build depends on: data, labels, settings and code."""
    digest = hashlib.blake2b(digest_size=16)
    for path, name in _files(order):
        _hash_file(digest, path, name)
    digest.update(repr(order.settings).encode())
    if order.casebook_labels is not None:
        digest.update(order.casebook_labels.write_csv().encode())
    if order.rejected_links is not None and order.rejected_links.height:
        digest.update(order.rejected_links.write_csv().encode())
    return digest.hexdigest()


def recipe(order: Order) -> str:
    """Hash of how a build works whatever its data and day: code, libraries, packs and settings.

    Two builds of the same recipe make the same row of the same inputs; another engine's sums may
    differ in their last digits.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}".encode())
    for path, name in _recipe_files(order):
        _hash_file(digest, path, name)
    any_day = replace(order.settings, inputs=replace(order.settings.inputs, as_of=None))
    digest.update(f"{any_day!r} {order.engine is not None}".encode())
    return digest.hexdigest()


def _files(order: Order) -> Iterator[tuple[Path, str]]:
    """What is read: raw tables, code, packs and handed-over scores, each with a stable name."""
    if order.data is not None:
        yield from _raw_files(order.data)
    yield from _recipe_files(order)
    if order.settings.scores_folder:
        for path in sorted(Path(order.settings.scores_folder).glob("*.parquet")):
            yield path, path.name


def _recipe_files(order: Order) -> Iterator[tuple[Path, str]]:
    """Code and packs."""
    for package in (queries, pipeline):
        root = Path(str(package.__file__)).parent
        for suffix in ("py", "sql", "toml"):
            for path in sorted(root.rglob(f"*.{suffix}")):
                if "pages" not in path.parts:
                    yield path, str(path.relative_to(root))
    for path in sorted(folder_of(order.settings.packs_folder).glob("*.toml")):
        yield path, path.name


def _raw_files(data: Path | str) -> Iterator[tuple[Path, str]]:
    for table, files in (local_files(data) or {}).items():
        for path in files if not table or table in raw_tables() else ():
            yield path, f"{table}/{_below(path, data)}"


def _below(path: Path, data: Path | str) -> str:
    """A name that stays when the whole folder moves."""
    return str(path.relative_to(data)) if path.is_relative_to(data) else path.name


def _hash_file(digest: Any, path: Path, name: str) -> None:
    digest.update(name.encode())
    with path.open("rb") as file:
        digest.update(hashlib.file_digest(file, "blake2b").digest())
