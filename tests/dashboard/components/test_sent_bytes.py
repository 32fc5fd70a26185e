"""What a table sends is what it shows: no byte of what was masked, hidden or left out of it."""

from __future__ import annotations

import struct

import polars as pl
import pytest
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from dashboard.components.look import arrow

SHORT = [f"buy_{number:06}" for number in range(40)]
LONG = [f"a name of somebody else, {number:06}" for number in range(40)]
NUMBERS = [7_700_000 + number for number in range(40)]


@pytest.mark.parametrize("column", ["short", "long", "number"])
def test_no_masked_cell_travels_under_a_null(column: str) -> None:
    """A cell that is null for this viewer is empty in the bytes too, and so is a row left out."""
    rows = pl.DataFrame({"short": SHORT, "long": LONG, "number": NUMBERS})
    numbers = pl.int_range(pl.len())
    masked = rows.with_columns(
        pl.when(numbers % 2 == 0).then(name).alias(name) for name in rows.columns
    )
    sent = convert_anything_to_arrow_bytes(arrow(masked.filter(numbers < 20).head(10)))
    for row, value in enumerate(rows[column]):
        written = struct.pack("<q", value) if column == "number" else value.encode()
        assert (written in sent) == (row % 2 == 0 and row < 10), value
