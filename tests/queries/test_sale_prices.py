"""A price put down for an approved sale is no edit of a listing; anything else still is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import queries
from tests.schemas import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

TODAY = datetime(2026, 3, 2)  # noqa: DTZ001
TABLES = {
    "staging.products": "product_id varchar, merchant_id varchar",
    "staging.campaigns": "merchant_id varchar, is_approved boolean, starts_at timestamp,"
    " ends_at timestamp",
    "staging.listing_versions": "product_id varchar, version bigint, valid_from timestamp,"
    " title varchar, category varchar, price_usd double, image_id varchar, day date",
    "facts.snapshots": "entity_type varchar, as_of date",
    "facts.image_twins": "product_id varchar, twin_id varchar, known_from timestamp,"
    " known_until timestamp, gone_at timestamp",
    "facts.near_brands": "product_id varchar, known_from timestamp",
}
SALE = (TODAY - timedelta(days=9), TODAY - timedelta(days=8, hours=12))


@pytest.fixture
def tiny() -> Iterator[duckdb.DuckDBPyConnection]:
    """One listing of one shop, as first listed long ago."""
    with empty_tables(TABLES) as con:
        con.execute("insert into staging.products values ('p0', 'm0')")
        con.execute("insert into facts.snapshots values ('product', ?)", [TODAY.date()])
        listed(con, 1, TODAY - timedelta(days=200))
        yield con


def listed(
    con: duckdb.DuckDBPyConnection, version: int, at: datetime, price: float = 10.0, title: str = ""
) -> None:
    """One version of the listing."""
    row = ["p0", version, at, title or "Pan", "home", price, "img", at.date()]
    con.execute(f"insert into staging.listing_versions values ({', '.join('?' * 8)})", row)


def marked_down(con: duckdb.DuckDBPyConnection, title: str = "") -> None:
    """An hour before the sale, and back when it is over."""
    listed(con, 2, SALE[0] - timedelta(hours=1), price=6.0, title=title)
    listed(con, 3, SALE[1], title=title)


def sale(con: duckdb.DuckDBPyConnection, *, shop: str = "m0", is_approved: bool = True) -> None:
    """The sale of a shop."""
    con.execute("insert into staging.campaigns values (?, ?, ?, ?)", [shop, is_approved, *SALE])


def edits(con: duckdb.DuckDBPyConnection) -> float:
    """What is said of the listing, which its evidence has to bear out."""
    for name in ("facts/sale_prices", "windows/listing_states"):
        queries.build(con, name)
    said = float(queries.scalar(con, "select edits_30d from windows.listing_states"))
    rows = queries.run(con, "evidence/product/versions", entity_id="p0", as_of=TODAY.date())
    counted = rows.filter(version=1).height
    assert counted == 1
    own = rows.filter((rows["version"] > 1) & (rows["age_days"] <= 30) & (rows["is_sale"] == 0))
    assert own.height == said
    return said


def test_the_price_of_an_approved_sale_is_no_edit(tiny: duckdb.DuckDBPyConnection) -> None:
    """Neither when it is put down nor when it is put back."""
    marked_down(tiny)
    sale(tiny)
    assert edits(tiny) == 0.0


def test_a_price_without_a_sale_is_an_edit(tiny: duckdb.DuckDBPyConnection) -> None:
    """A stolen shop cuts prices too, and nobody approved it."""
    marked_down(tiny)
    sale(tiny, is_approved=False)
    sale(tiny, shop="m1")
    assert edits(tiny) == 2.0


def test_other_words_during_a_sale_are_an_edit(tiny: duckdb.DuckDBPyConnection) -> None:
    """What else changes with the price is no sale; the price put back alone is."""
    marked_down(tiny, title="Pan, unbranded")
    sale(tiny)
    assert edits(tiny) == 1.0


def test_a_sale_that_comes_later_excuses_nothing(tiny: duckdb.DuckDBPyConnection) -> None:
    """At the snapshot it has not begun."""
    listed(tiny, 2, TODAY - timedelta(hours=1), price=6.0)
    later = [TODAY + timedelta(hours=1), TODAY + timedelta(hours=5)]
    tiny.execute("insert into staging.campaigns values ('m0', true, ?, ?)", later)
    assert edits(tiny) == 1.0
