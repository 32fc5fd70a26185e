"""Downloads carry no formulas."""

from __future__ import annotations

import polars as pl

from dashboard.components.downloads import csv_bytes


def test_downloads_open_as_text() -> None:
    """Formulas are quoted in cells and headers; numbers stay numbers."""
    frame = pl.DataFrame({"=name": ["=HYPERLINK(1)", "Tea", None], "score": [0.5, -1.0, None]})
    lines = csv_bytes(frame).decode("utf-8-sig").splitlines()
    assert lines == ["'=name,score", "'=HYPERLINK(1),0.5", "Tea,-1.0", ","]
