"""What a build is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.settings.build import DATABASE, Settings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


@dataclass(frozen=True)
class Engine:
    """A Spark Connect server and the folder that it writes its tables to."""

    address: str
    """As in `sc://HOST:PORT`."""
    lake: Path
    """Seen by the server and by the builder under the same path."""


@dataclass(frozen=True)
class Order:
    """What to build: from where, to where, and how."""

    data: Path | str | None
    """Where the raw tables are: a folder, a database file, or an address; None = there are
    none, scores alone are shown."""
    out: Path
    """Folder that holds the served database."""
    settings: Settings = field(default_factory=Settings)
    """How the stages behave."""
    casebook_labels: pl.DataFrame | None = None
    """Analysts' verdicts with the columns of raw.labels, if there are any."""
    rejected_links: pl.DataFrame | None = None
    """Links that analysts have called none: src, dst as `type:id`."""
    force: bool = False
    """Whether to publish even what has far fewer alerts or rows than the served file."""
    full: bool = False
    """Whether to compute every row anew, also those whose inputs are as in the served file."""
    train: bool = False
    """Whether to train models now, whatever the schedule says."""
    engine: Engine | None = None
    """Where the SQL stages run; None = in DuckDB. The rows are the same."""
    memory: int | None = None
    """Bytes that it may use; None = what the machine or its container gives. No row of the result
    depends on it."""

    @property
    def database(self) -> Path:
        """The served file."""
        return self.out / DATABASE
