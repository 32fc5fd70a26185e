"""Rare ties are strong, crowds tie nobody, and nearly copied reviews are found without reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log, sqrt
from statistics import stdev
from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from tests.schemas import create_schemas, empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - UTC without a zone, as stored
TABLES = {
    "graph.links": "entity_type varchar, entity_id varchar, relation varchar,"
    " identifier_id varchar, first_seen_at timestamp",
    "facts.review_facts": "review_id varchar, merchant_id varchar, product_id varchar,"
    " buyer_id varchar, created_at timestamp, day date, body varchar",
}
PRAISE = "Lovely bag, the strap is long and the zip runs well, would buy again"


@pytest.fixture
def tiny() -> Iterator[duckdb.DuckDBPyConnection]:
    """Twenty accounts, one registered each day, and nothing that they share yet."""
    with empty_tables(TABLES) as con:
        con.execute(
            "create table graph.entities as select 'buyer' as entity_type, 'b' || n as entity_id,"
            " timestamp '2026-01-01' + n * interval 1 day as registered_at from range(20) as t(n)"
        )
        yield con


def share(con: duckdb.DuckDBPyConnection, relation: str, accounts: int) -> None:
    """The first accounts use one identifier, an hour after each other."""
    rows = [
        ("buyer", f"b{place}", relation, relation, NOON + timedelta(hours=place))
        for place in range(accounts)
    ]
    con.executemany("insert into graph.links values (?, ?, ?, ?, ?)", rows)


def ties(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    """Some columns of the ties of the first account, as the build makes them."""
    for name in (
        "graph/identifiers",
        "facts/entity_keys",
        "similarity/shared_identifier_neighbours",
    ):
        queries.build(con, name)
    table = "similarity.shared_identifier_neighbours"
    sql = f"select {columns} from {table} where entity_id = 'b0' order by known_from"
    return con.execute(sql).fetchall()


def test_a_tie_weighs_by_how_rare_it_was(tiny: duckdb.DuckDBPyConnection) -> None:
    """1 / ln(1 + accounts on the identifier when the later of the two came)."""
    share(tiny, "device", 4)
    assert ties(tiny, "weight") == [(pytest.approx(1.0 / log(1.0 + n)),) for n in (2, 3, 4)]


def test_what_two_share_of_a_second_kind_counts_double(tiny: duckdb.DuckDBPyConnection) -> None:
    """One kind after the other, apart by the days between registrations."""
    for relation in ("device", "address"):
        share(tiny, relation, 2)
    found = ties(tiny, "kind, apart_days")
    assert sorted(found) == [(1, 1), (2, 1)]


def linked_accounts(
    con: duckdb.DuckDBPyConnection, day: int, entity_type: str = "buyer"
) -> dict[str, object]:
    """What is linked to the first account at the start of a day of March."""
    as_of = f"date '2026-03-{day:02d}'"
    for table, columns in {
        "facts.verdicts": "entity_type varchar, entity_id varchar, label varchar, known_day date,"
        " replaced_day date",
        "facts.refund_facts": "buyer_id varchar, day date",
        "facts.order_facts": "buyer_id varchar, day date, is_new_buyer_voucher integer",
        "windows.co_targeted_shops": "observation_id bigint, low_raters_90d double",
    }.items():
        con.execute(f"create table if not exists {table} ({columns})")
    con.execute(
        f"create or replace table population.observations as select '{entity_type}' as entity_type,"
        f" 'b0' as entity_id, {as_of} as as_of, 1 as observation_id"
    )
    for name in ("population/seller_spine", "population/buyer_spine"):
        queries.build(con, name)
    con.execute(
        f"create or replace table population.base_rates as select '{entity_type}' as entity_type,"
        f" {as_of} as as_of, 0.02 as base_rate"
    )
    queries.build(con, "windows/linked_accounts")
    found: dict[str, object] = con.sql("from windows.linked_accounts").pl().row(0, named=True)
    return found


def test_a_pair_counts_while_anything_ties_it(tiny: duckdb.DuckDBPyConnection) -> None:
    """Once the network they first shared is a crowd's, two who share a device still count."""
    share(tiny, "ip", 2)
    rows = [("buyer", f"b{place}", "device", "device", NOON) for place in range(2)]
    rows = [(*row[:4], NOON + timedelta(days=1)) for row in rows]
    rows += [
        ("buyer", f"b{place}", "ip", "ip", NOON + timedelta(days=3, hours=place))
        for place in range(2, 12)
    ]
    tiny.executemany("insert into graph.links values (?, ?, ?, ?, ?)", rows)
    ties(tiny, "kind")
    columns = ["neighbours", "close", "bad_share", "refunds_90d"]
    tiny.execute(
        "create table facts.verdicts as select 'buyer' as entity_type, 'b1' as entity_id,"
        " 'bad' as label, date '2026-03-02' as known_day, null::date as replaced_day"
    )
    tiny.execute(
        "create table facts.refund_facts as select 'b1' as buyer_id, date '2026-03-02' as day"
    )
    share_of_bad = pytest.approx((1.0 + 5.0 * 0.02) / (1.0 + 5.0))
    both, one = linked_accounts(tiny, 5), linked_accounts(tiny, 20)
    assert [both[name] for name in columns] == [1.0, 1.0, share_of_bad, 1.0]
    assert [one[name] for name in columns] == [1.0, 0.0, share_of_bad, 1.0]


@pytest.mark.parametrize(("accounts", "spread"), [(2, None), (3, sqrt(2.0)), (4, stdev([3, 1, 0]))])
def test_refunds_of_neighbours_have_a_sum_and_a_spread(
    accounts: int, spread: float | None, tiny: duckdb.DuckDBPyConnection
) -> None:
    """Who asked for none counts as none; of one neighbour the spread is unknown."""
    share(tiny, "device", accounts)
    ties(tiny, "kind")
    tiny.execute(
        "create table facts.refund_facts as select 'b' || n as buyer_id,"
        " date '2026-03-10' as day from (values (1), (1), (1), (2)) as t(n)"
    )
    found = linked_accounts(tiny, 20)
    assert found["refunds_sd"] == (None if spread is None else pytest.approx(spread))
    assert found["refunds_log"] == pytest.approx(log(1.0 + (3.0 if accounts == 2 else 4.0)))


def test_what_only_buyers_do_is_unknown_of_others(tiny: duckdb.DuckDBPyConnection) -> None:
    """A shop's neighbours have no refunds and vouchers: not none, but unknown."""
    share(tiny, "device", 2)
    tiny.execute("update graph.links set entity_type = 'merchant'")
    tiny.execute("update graph.entities set entity_type = 'merchant'")
    ties(tiny, "kind")
    found = linked_accounts(tiny, 20, "merchant")
    assert found["neighbours"] == 1.0
    for name in (
        "refunds_90d",
        "max_refunds",
        "vouchers_90d",
        "refunds_sd",
        "refunds_log",
        "low_raters",
    ):
        assert found[name] is None


def test_a_crowd_ties_nobody(tiny: duckdb.DuckDBPyConnection) -> None:
    """From its 11th account on, a network no longer counts; before that it did."""
    share(tiny, "ip", 12)
    found = ties(tiny, "known_until")
    assert found == [(NOON + timedelta(hours=10),)] * 9


@pytest.mark.parametrize(
    ("body", "buyer", "shop", "days", "is_copy"),
    [
        (PRAISE, "b1", "m0", 1.0, True),
        (PRAISE.upper().replace(",", ""), "b1", "m0", 1.0, True),
        (PRAISE + " soon", "b1", "m0", 1.0, True),
        (
            "Broke after two days, the seller does not answer and wants it back",
            "b1",
            "m0",
            1.0,
            False,
        ),
        (PRAISE, "b0", "m0", 1.0, False),
        (PRAISE, "b1", "m1", 1.0, False),
        (PRAISE, "b1", "m0", 8.0, False),
        ("Lovely bag", "b1", "m0", 1.0, False),
    ],
    ids=[
        "word for word",
        "other case and commas",
        "one word more",
        "other words",
        "its own words",
        "another shop",
        "another week",
        "too short to tell",
    ],
)
def test_near_copies_are_found(
    body: str, buyer: str, shop: str, days: float, is_copy: bool, tiny: duckdb.DuckDBPyConnection
) -> None:
    """Nearly the words of another account's longer review of the same shop within a week."""
    for place, (who, where, when, text) in enumerate(
        [("b0", "m0", NOON, PRAISE), (buyer, shop, NOON + timedelta(days=days), body)]
    ):
        row = [f"r{place}", where, "p0", who, when, when.date(), text]
        tiny.execute("insert into facts.review_facts values (?, ?, ?, ?, ?, ?, ?)", row)
    for name in ("similarity/review_sketches", "similarity/near_duplicate_reviews"):
        queries.build(tiny, name)
    found = tiny.execute(
        "select review_id, twin_id from similarity.near_duplicate_reviews"
    ).fetchall()
    assert found == ([("r1", "r0")] if is_copy else [])


TITLE = "Zynthorel Phone stand, handmade, clear"


@pytest.mark.parametrize(
    ("title", "shop", "bank", "is_twin"),
    [
        (TITLE, "m1", "k1", True),
        ("zynthorel phone-stand (handmade) clear!", "m1", "k1", True),
        ("Zynthorel Phone stands, handmade, clear", "m1", "k1", True),
        ("Wobblekin Plush rabbit, gift, rose", "m1", "k1", False),
        (TITLE, "m0", "k0", False),
        (TITLE, "m1", "k0", False),
    ],
    ids=[
        "letter for letter",
        "other case and punctuation",
        "a letter more",
        "another name",
        "its own shop",
        "a shop of the same bank account",
    ],
)
def test_near_titles_of_unrelated_shops_are_found(
    title: str, shop: str, bank: str, is_twin: bool
) -> None:
    """Both listings are each other's twins from the day the later one was listed."""
    with duckdb.connect() as con:
        titled(con, [(TITLE, "m0"), (title, shop)], {"m0": "k0", "m1": bank})
        found = con.execute(
            "select product_id, twin_id, known_from from similarity.title_twins order by product_id"
        ).fetchall()
    later = NOON + timedelta(days=1)
    assert found == ([("p00", "p01", later), ("p01", "p00", later)] if is_twin else [])


def test_a_title_that_everybody_uses_ties_only_the_first_twenty() -> None:
    """The twenty-first listing of a name has no twins, so a crowd costs no more."""
    shops = {f"m{place}": f"k{place}" for place in range(25)}
    with duckdb.connect() as con:
        titled(con, [(TITLE, shop) for shop in shops], shops)
        found = con.execute(
            "select product_id, count(*) from similarity.title_twins "
            "group by product_id order by all"
        ).fetchall()
    assert found == [(f"p{place:02}", 19) for place in range(20)]


def titled(
    con: duckdb.DuckDBPyConnection, listings: list[tuple[str, str]], banks: dict[str, str]
) -> None:
    """Build the twins of listings (title, shop), one listed each day, of shops with banks."""
    create_schemas(con)
    con.execute("create table staging.products (product_id varchar, merchant_id varchar)")
    con.execute(
        "create table staging.listing_versions"
        " (product_id varchar, title varchar, valid_from timestamp)"
    )
    con.execute(
        "create table staging.merchants (merchant_id varchar, bank_account_id varchar,"
        " device_id varchar, return_address_id varchar, registered_at timestamp,"
        " closed_at timestamp)"
    )
    for shop, bank in banks.items():
        row = [shop, bank, NOON - timedelta(days=9)]
        con.execute("insert into staging.merchants values (?, ?, null, null, ?, null)", row)
    for place, (title, shop) in enumerate(listings):
        product = f"p{place:02}"
        con.execute("insert into staging.products values (?, ?)", [product, shop])
        row = [product, title, NOON + timedelta(days=place)]
        con.execute("insert into staging.listing_versions values (?, ?, ?)", row)
    queries.build(con, "facts/sibling_shops")
    queries.build(con, "facts/listing_titles")
    for name in ("title_shingles", "title_sketches", "title_twins"):
        queries.build(con, f"similarity/{name}")
