"""A scored marketplace with two packs, for the tests of everything that scores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import ModelSettings
from pipeline.signals import stage as signals
from tests.packs import pack
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb
    import polars as pl

SETTINGS = Settings(model=ModelSettings(trees=30))


BURST = pack("T1_BRUSHING", ("burst_7d > 1", 0.5), ("shared_device_rate_30d > 0.2", 0.6))
MANY = pack("T9_REFUND_ABUSE", ("order_count_30d >= 0", 0.1))


def fired() -> duckdb.DuckDBPyConnection:
    """A marketplace on which the signals of two packs fire, not yet scored."""
    con = tiny.build()
    signals.write(con, SETTINGS, tiny.unheard, packs_in_use=[BURST, MANY])
    return con


def build() -> duckdb.DuckDBPyConnection:
    """Scored with two packs."""
    con = fired()
    scores.write(con, SETTINGS, tiny.unheard, packs_in_use=[BURST, MANY])
    return con


def table(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """Rows of `scores.<name>`."""
    rows: pl.DataFrame = con.sql(f"select * from scores.{name}").pl()
    return rows
