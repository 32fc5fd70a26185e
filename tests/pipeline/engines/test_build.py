"""A build whose SQL stages run on another engine: the same queue, and nothing lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.build import Order
from pipeline.engines.session import connected, refuse_without_client
from pipeline.errors import BuildError, InputError
from pipeline.publishing.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def partitioned(tiny_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest marketplace, orders and shipments in folders, refunds as CSV.

    The files of shipments hold the column that their folders are named by, as some writers do.
    """
    folder = tmp_path_factory.mktemp("partitioned")
    for file in tiny_world.glob("*.parquet"):
        if file.stem not in {"orders", "refunds", "shipments"}:
            (folder / file.name).symlink_to(file)
    shipments = pl.read_parquet(tiny_world / "shipments.parquet")
    shipments.write_parquet(folder / "shipments", partition_by="carrier", mkdir=True)
    pl.read_parquet(tiny_world / "refunds.parquet").write_csv(folder / "refunds.csv")
    with duckdb.connect() as con:
        target = f"'{folder}/orders' (format parquet, partition_by (channel))"
        con.execute(f"copy (from '{tiny_world}/orders.parquet') to {target}")
    return folder


def test_a_partition_more_is_another_delivery(partitioned: Path, tmp_path: Path) -> None:
    """The fingerprint sees files below folders of partitions."""
    before = fingerprint(Order(partitioned, tmp_path))
    part = next((partitioned / "orders").rglob("*.parquet"))
    more = part.with_name("more.parquet")
    more.write_bytes(part.read_bytes())
    assert fingerprint(Order(partitioned, tmp_path)) != before
    more.unlink()
    assert fingerprint(Order(partitioned, tmp_path)) == before


@pytest.mark.parametrize("address", ["localhost:15002", "http://localhost", "sc://"])
def test_another_address_is_refused(address: str) -> None:
    """With an address that would do."""
    with pytest.raises(InputError, match="sc://"), connected(address):
        pass


def test_a_silent_engine_is_refused() -> None:
    """At once, with what else can be done."""
    with pytest.raises(BuildError, match="Nothing answers"), connected("sc://127.0.0.1:1"):
        pass


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import."""
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql.connect.session", None)
    with pytest.raises(InputError, match=r"ringfence\[spark\]"):
        refuse_without_client()
