"""What a check makes of a folder, for tests that break one thing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipeline.inputs.raw_check import examine
from pipeline.inputs.set_aside import write_set_aside
from pipeline.settings.inputs import InputSettings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from pipeline.inputs.raw_check import Checked


@dataclass(frozen=True)
class Examined:
    """A check, the rows that are left of each table, and those set aside."""

    checked: Checked
    kept: dict[str, pl.DataFrame]
    set_aside: pl.DataFrame

    def said(self, verdict: str) -> list[tuple[str, str, int, str]]:
        """Table, column, rows and words of the faults of a verdict."""
        return [
            (fault.file.rpartition("/")[2].partition(".")[0], fault.column, fault.rows, fault.found)
            for fault in self.checked.faults
            if fault.verdict.value == verdict
        ]


def examined(folder: Path, settings: InputSettings | None = None) -> Examined:
    """Check a folder and read every view that is left."""
    with duckdb.connect() as con:
        checked = examine(con, folder, settings or InputSettings())
        kept = {name: con.sql(f"from raw.{name}").pl() for name in checked.tables}
        write_set_aside(con, checked.reduced)
        return Examined(checked, kept, con.sql("from meta.set_aside").pl())
