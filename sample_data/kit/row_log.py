"""What stories hand in, bit by bit, and what the blocks read, range by range.

Thousands of rings hand in a few rows each: keeping their arrays and joining them
once costs a hundredth of making a frame for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.kit.blocks import Block

Column: TypeAlias = NDArray[Any]
Defaults: TypeAlias = Mapping[str, int | float | str]


@dataclass
class Log:
    """Rows with one column per default; a column that is not given holds its default.

    Defaults are ints, floats or strings and fix the column's type.
    """

    defaults: Defaults
    _pieces: list[tuple[int, dict[str, Column]]] = field(default_factory=list)
    _frame: pl.DataFrame | None = None

    def add(self, **rows: object) -> None:
        """Hand in rows: arrays of one length, single values repeat; raises TypeError otherwise."""
        unknown = rows.keys() - self.defaults.keys()
        if unknown:
            raise TypeError(f"unknown columns {sorted(unknown)}; known: {sorted(self.defaults)}")
        columns = {name: np.atleast_1d(np.asarray(values)) for name, values in rows.items()}
        lengths = {len(values) for values in columns.values()} - {1}
        if len(lengths) > 1:
            raise TypeError(f"columns of lengths {sorted(lengths)}; give arrays of one length")
        count = lengths.pop() if lengths else 1
        if count:
            self._pieces.append((count, columns))
            self._frame = None

    def append(self, rows: pl.DataFrame) -> None:
        """Hand in rows that are a frame already."""
        if rows.height:
            self.add(**{name: rows[name].to_numpy() for name in rows.columns})

    def __len__(self) -> int:
        """Rows handed in so far."""
        return sum(count for count, _ in self._pieces)

    def rows(self) -> pl.DataFrame:
        """Everything handed in, by `at` where there is one; joined once."""
        if self._frame is None:
            frame = pl.DataFrame({name: self._column(name) for name in self.defaults})
            self._frame = frame.sort("at", maintain_order=True) if "at" in self.defaults else frame
        return self._frame

    def within(self, block: Block) -> pl.DataFrame:
        """The rows whose `at` lies in a block."""
        rows = self.rows()
        first, last = np.searchsorted(rows["at"].to_numpy(), (block.start_s, block.end_s))
        return rows[int(first) : int(last)]

    def _column(self, name: str) -> pl.Series:
        default, total = self.defaults[name], len(self)
        if isinstance(default, str):
            texts = np.full(total, default, dtype=object)
            self._fill(name, texts)
            return pl.Series(name, texts.tolist(), dtype=pl.Utf8)
        dtype = np.float64 if isinstance(default, float) else np.int64
        numbers = np.full(total, default, dtype=dtype)
        self._fill(name, numbers)
        return pl.Series(name, numbers)

    def _fill(self, name: str, column: Column) -> None:
        start = 0
        for count, columns in self._pieces:
            if name in columns:
                column[start : start + count] = columns[name]
            start += count
