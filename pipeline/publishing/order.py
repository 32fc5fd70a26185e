"""What a build is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.settings.build import DATABASE, Settings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


@dataclass(frozen=True)
class Order:
    """What to build: from where, to where, and how."""

    data: Path | str
    """Where the raw tables are: a folder, a database file, or an address."""
    out: Path
    """Folder that holds the served database."""
    settings: Settings = field(default_factory=Settings)
    """How the stages behave."""
    casebook_labels: pl.DataFrame | None = None
    """Analysts' verdicts with the columns of raw.labels, if there are any."""
    force: bool = False
    """Whether to publish even what has far fewer alerts or rows than the served file."""

    @property
    def database(self) -> Path:
        """The served file."""
        return self.out / DATABASE
