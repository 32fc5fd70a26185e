"""Columns written by a Python function, without Polars waiting for it.

Polars' pool must never call Python: a thread that holds the interpreter while it waits for the
pool, as a conversion does, and a pool thread that waits for the interpreter stop the whole
server for ever. `tests/architecture/test_polars_pool.py` refuses such callbacks; this is the
way instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable


def mapped(
    rows: pl.DataFrame, column: str, write: Callable[[Any], str], *, skip_nulls: bool = False
) -> pl.Series:
    """`column` of the rows as the texts that `write` makes of its values."""
    values = rows[column].to_list()
    texts = [None if skip_nulls and value is None else write(value) for value in values]
    return pl.Series(column, texts, dtype=pl.String)
