"""What a person reads about one way in which a delivery breaks the contract."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One way in which a file breaks the contract."""

    file: str
    column: str
    """Column or columns concerned; empty when the whole file is."""
    rows: int
    """How many rows are at fault; 0 when the file itself is."""
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.column}" if self.column else self.file
        rows = f"{self.rows:,} rows: " if self.rows else ""
        return f"{place}: {rows}{self.found}. {self.remedy}"
