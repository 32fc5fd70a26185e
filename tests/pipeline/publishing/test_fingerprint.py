"""What is built from the same input is kept; what is changed is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.build import Order, Report, build, fingerprint
from tests import raw_folder
from tests.every_table import EVERY_TABLE

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_build_of_the_same_input_is_kept(built: Report, small_world: Path) -> None:
    """Nothing is built when data, code and settings are what they were."""
    before = built.database.stat()
    again = build(Order(small_world, built.database.parent, EVERY_TABLE))
    assert not again.is_fresh
    assert again.as_of == built.as_of
    assert built.database.stat().st_ino == before.st_ino


def test_a_changed_delivery_is_a_changed_fingerprint(tmp_path: Path) -> None:
    """One changed value is noticed, however the file's clock stands."""
    tables = raw_folder.frames()
    order = Order(raw_folder.write(tmp_path / "raw", tables), tmp_path / "out")
    before = fingerprint(order)
    assert fingerprint(order) == before
    tables["orders"] = tables["orders"].with_columns(pl.col("paid_minor") + 1)
    raw_folder.write(tmp_path / "raw", tables)
    assert fingerprint(order) != before
