"""A column in another unit than those beside it is said, and nothing of it is set aside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.settings.inputs import InputSettings
from tests import raw_folder
from tests.pipeline.inputs.deliveries import examined

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.inputs.faults import Fault

FEW = InputSettings(unit_rows=3)


def notes(folder: Path, price: int, parcel_grams: float, settings: InputSettings) -> list[Fault]:
    """Of orders that took 1,000 for two pieces of 250 grams each."""
    tables = raw_folder.around("shipments")
    tables["products"] = tables["products"].with_columns(
        pl.lit(price).alias("price_minor"), pl.lit(250.0).alias("weight_grams")
    )
    tables["orders"] = tables["orders"].with_columns(
        pl.lit(2).alias("quantity"),
        pl.lit(1_000).alias("items_minor"),
        pl.lit(0).alias("voucher_minor"),
        pl.lit(0).alias("shipping_minor"),
        pl.lit(1_000).alias("paid_minor"),
    )
    tables["shipments"] = tables["shipments"].with_columns(
        pl.lit(parcel_grams).alias("weight_grams")
    )
    found = examined(raw_folder.write(folder, tables), settings)
    assert found.set_aside.is_empty()
    return [one for one in found.checked.faults if one.verdict.value == "note"]


def test_a_price_and_a_weight_in_another_unit_are_noted(tmp_path: Path) -> None:
    """With file, column, rows, ids and how far off: 1,000 / (2 * 50,000) and 0.5 / (2 * 250)."""
    price, weight = notes(tmp_path, 50_000, 0.5, FEW)
    assert price.file.endswith("products.parquet")
    assert (price.column, price.rows, len(price.examples)) == ("price_minor", 3, 3)
    assert "usually took 0.01 times this price for a piece" in str(price)
    assert weight.file.endswith("shipments.parquet")
    assert (weight.column, weight.rows) == ("weight_grams", 3)
    assert "usually weigh 0.001 times what products.weight_grams declares" in str(weight)
    assert "Deliver grams in both. Only said: nothing is set aside." in str(weight)


def test_a_discount_and_wrapping_are_no_other_unit(tmp_path: Path) -> None:
    """Half the price paid, and a parcel of five times the weight of its pieces."""
    assert notes(tmp_path, 1_000, 2_500.0, FEW) == []


def test_a_few_rows_say_nothing_of_a_unit(tmp_path: Path) -> None:
    """Three orders are no usual order."""
    assert notes(tmp_path, 50_000, 0.5, InputSettings()) == []


def test_times_in_milliseconds_are_noted(tmp_path: Path) -> None:
    """Two minutes before an order, and a mean visit of a minute in a room of an hour."""
    tables = raw_folder.around("live_sessions")
    started = tables["live_sessions"]["started_at"]
    tables["live_sessions"] = tables["live_sessions"].with_columns(
        (started + timedelta(hours=1)).alias("ended_at"), pl.lit(60.0).alias("watch_seconds_mean")
    )
    tables["orders"] = tables["orders"].with_columns(
        pl.lit(120.0).alias("view_seconds"), pl.lit(120.0).alias("click_to_order_seconds")
    )
    columns = {"orders": ("view_seconds", "click_to_order_seconds")}
    columns["live_sessions"] = ("watch_seconds_mean",)
    for times, expected in ((1.0, []), (1_000.0, ["33.33 hours", "33.33 hours", "16.67 times"])):
        delivered = tables | {
            name: tables[name].with_columns(pl.col(*own) * times) for name, own in columns.items()
        }
        found = examined(raw_folder.write(tmp_path / f"{times}", delivered), FEW)
        assert found.set_aside.is_empty()
        said = [str(one) for one in found.checked.faults if one.verdict.value == "note"]
        assert [one for one in said if "milliseconds" in one] == said
        assert len(said) == len(expected)
        assert all(any(one in each for each in said) for one in expected)
