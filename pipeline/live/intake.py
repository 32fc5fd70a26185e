"""One batch held against the contract: its rows as the contract types them, or why not.

The same check as of a whole delivery (`pipeline.inputs.raw_check`), but for what needs the rest
of it: whether a row that is referred to exists is asked when the batch is put beside the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.errors import InputError
from pipeline.inputs.clocks import Clock
from pipeline.inputs.faults import many
from pipeline.inputs.raw_check import Part, examine

if TYPE_CHECKING:
    from datetime import date

    from pipeline.inputs.raw_check import Checked
    from pipeline.live.drop import BatchFile
    from pipeline.settings.inputs import InputSettings


@dataclass(frozen=True)
class Batch:
    """What came of one file."""

    rows: pl.DataFrame
    """Columns of the contract table; empty where the batch is set aside."""
    rows_set_aside: int = 0
    problem: str = ""
    """Why rows, or the whole batch, are set aside; empty where nothing is."""
    is_refused: bool = False


def read_batch(file: BatchFile, first_day: date, today: date, settings: InputSettings) -> Batch:
    """The rows of a file that keep the contract; a batch that is mostly wrong has none.

    `first_day` is that of the build, `today` the day on the wall, UTC: a later time is a wrong
    clock.
    """
    if not file.table:
        return _refused(f"{file.path.name} is of no table of the contract.", _NAMES)
    tomorrow = today + timedelta(days=1)
    clock = Clock(first_day, tomorrow, tomorrow, tomorrow, is_asked=False, has_tail=False)
    with TemporaryDirectory(prefix="ringfence-") as folder, duckdb.connect() as con:
        suffixes = "".join(file.path.suffixes[-2:]) if file.path.suffix in {".gz", ".zst"} else ""
        alias = Path(folder) / f"{file.table}{suffixes or file.path.suffix}"
        alias.symlink_to(file.path.absolute())
        try:
            checked = examine(con, folder, settings, Part((file.table,), clock))
        except InputError as error:
            return _refused(error.found, error.remedy)
        if checked.refusals:
            return _refused(*_sentence(checked, str(alias), file))
        rows = con.sql(f"select * from raw.{file.table}").pl()
        aside = sum(one.set_aside for one in checked.outcomes.values())
        problem = " ".join(_sentence(checked, str(alias), file)) if aside else ""
        return Batch(rows, aside, problem)


_NAMES = (
    "Put it in a folder named like its table, or begin its name with the table: "
    "orders-0001.parquet."
)


def _refused(found: str, remedy: str) -> Batch:
    return Batch(pl.DataFrame(), problem=f"{found} {remedy}", is_refused=True)


def _sentence(checked: Checked, alias: str, file: BatchFile) -> tuple[str, str]:
    """The first fault as a sentence about the dropped file, and how many more there are."""
    faults = checked.refusals or [one for one in checked.faults if one.rows]
    rest = f"({many(len(faults) - 1, 'more fault')}.)" if len(faults) > 1 else ""
    return str(faults[0]).replace(alias, file.path.name), rest
