"""One small world, generated once, that every test of the generator reads."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sample_data import GeneratedWorld, WorldSettings, generate
from tests.conftest import SMALL as BUILT

SMALL = WorldSettings(orders=16_000)
OWN_LISTS = {"placeholders", "display_currency", "sequence_score", "entity_embedding"}
"""Tables of a marketplace's own habits and models, of which the sample has none to deliver."""
CONTRACT = Path(__file__).parents[2] / "queries" / "contracts" / "raw.toml"


@dataclass(frozen=True)
class Sample:
    """A generated world and its tables, read on first use."""

    world: GeneratedWorld

    def table(self, name: str) -> pl.DataFrame:
        """One raw table."""
        return pl.read_parquet(self.world.path / f"{name}.parquet")

    @cached_property
    def truth(self) -> pl.DataFrame:
        """The planted truth."""
        return pl.read_parquet(self.world.truth_path)

    @cached_property
    def orders(self) -> pl.DataFrame:
        """Orders with their parcel, refund and review (null where there is none)."""
        parcel = self.table("shipments").rename({"weight_grams": "parcel_grams"})
        refund = self.table("refunds").rename({"amount_minor": "refund_minor"})
        review = self.table("reviews").rename({"created_at": "reviewed_at"})
        rows = self.table("orders")
        for part in (parcel, refund.drop("currency", "usd_per_unit"), review):
            rows = rows.join(part, on="order_id", how="left", maintain_order="left")
        return rows

    def members(self, typology: str, entity_type: str) -> pl.DataFrame:
        """Planted entities of one typology."""
        own = (pl.col("typology") == typology) & (pl.col("entity_type") == entity_type)
        return self.truth.filter(own)

    @property
    def end(self) -> Any:
        """First instant after the data."""
        return pl.from_epoch(pl.lit(self.world.settings.end_s), time_unit="s").cast(
            pl.Datetime("us")
        )


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    """The tables of the raw contract that the sample delivers."""
    tables = tomllib.loads(CONTRACT.read_text(encoding="utf-8"))
    assert all(tables[name]["optional"] for name in OWN_LISTS)
    return {
        name: table
        for name, table in tables.items()
        if isinstance(table, dict) and name not in OWN_LISTS
    }


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The small world of the default seed."""
    return Sample(generate(tmp_path_factory.mktemp("world") / "raw", SMALL))


@pytest.fixture(scope="session")
def dense(small_world: Path) -> Sample:
    """A world with many stories in few orders: the one that every test of a build shares."""
    truth = small_world / "truth" / "truth.parquet"
    return Sample(GeneratedWorld(small_world, truth, BUILT, {}))


@pytest.fixture(scope="session")
def minutes(dense: Sample) -> pl.DataFrame:
    """Every minute of every live session of the dense world."""
    return dense.table("engagement_minutes")
