"""Tables of another make are led to a mapping; a delivery that lacks something is told what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.inputs.raw_check import check
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Tables = dict[str, pl.DataFrame]

CORE = ("merchants", "products", "buyers", "orders")
SALES = pl.DataFrame({"TXN": ["t1"], "CUSTOMER": ["c1"], "SKU": ["s1"], "TOTAL": ["8,27"]})


def core() -> Tables:
    """The least that keeps the contract."""
    return {name: frame for name, frame in raw_folder.frames().items() if name in CORE}


def without(name: str, **more: pl.DataFrame) -> Tables:
    """The core without a table, and other tables beside it."""
    return {table: frame for table, frame in core().items() if table != name} | more


OTHERS: dict[str, Callable[[], Tables]] = {
    "other names and columns": lambda: {"sales": SALES, "geo": SALES},
    "our name, other columns": lambda: {"orders": SALES},
    "one table under another name": lambda: without("buyers", customers=core()["buyers"]),
    "one table with other columns": lambda: core() | {"orders": SALES},
}
OURS: dict[str, Callable[[], Tables]] = {
    "a table is missing": lambda: without("buyers"),
    "a table is missing, another is foreign": lambda: without("buyers", truth=SALES),
    "only orders": lambda: {"orders": core()["orders"]},
    "no core at all": lambda: {"reviews": raw_folder.frames()["reviews"]},
    "a column is missing": lambda: core() | {"buyers": core()["buyers"].drop("buyer_id")},
    "a table without names": lambda: core() | {"orders": SALES.rename(str.upper).rename(
        {"TXN": "x1", "CUSTOMER": "x2", "SKU": "x3", "TOTAL": "x4"}
    )},
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_tables_of_another_make_are_led_to_a_mapping(case: str, tmp_path: Path) -> None:
    """What is there, what is not, and the command with their own path, fit to be typed."""
    folder = raw_folder.write(tmp_path / "my shop", OTHERS[case]())
    with duckdb.connect() as con, pytest.raises(InputError) as refused:
        check(con, folder)
    assert f"ringfence init DIR --from '{folder}'" in refused.value.remedy


@pytest.mark.parametrize("case", OURS)
def test_a_delivery_of_ours_that_lacks_something_is_told_what(case: str, tmp_path: Path) -> None:
    """A mapping would not help: the sentence names the table or column."""
    folder = raw_folder.write(tmp_path, OURS[case]())
    with duckdb.connect() as con:
        faults = check(con, folder)
    assert any("no buyers.parquet" in one.found or "missing" in one.found for one in faults)


def test_it_says_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    """Their names and ours, a few of many."""
    tables = {"orders": SALES} | {f"t{number}": SALES for number in range(5)}
    with duckdb.connect() as con, pytest.raises(InputError) as refused:
        check(con, raw_folder.write(tmp_path, tables))
    assert refused.value.found == (
        f"{tmp_path} holds tables of its own (t0, t1, t2 and 2 more), "
        "no merchants, products or buyers, and orders without order_id, merchant_id, "
        "product_id and 8 more, which it needs."
    )
