"""Crowds, scripts, fronts, further accounts and chains of one owner, on hand-made worlds."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

import queries
from pipeline.settings.rings import RingSettings
from pipeline.tables import store

SETTINGS = RingSettings()
DAY = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored
ORDERS = {
    "buyer_id": pl.String,
    "merchant_id": pl.String,
    "product_id": pl.String,
    "address_id": pl.String,
    "created_at": pl.Datetime,
    "counted_at": pl.Datetime,
}
Order = tuple[str, str, str, float]
"""Buyer, shop, address and hours after the first; each shop has one listing of its name."""


def run(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """A query with the settings of a build."""
    names = [column.name for column in queries.get(name).params]
    return queries.run(con, name, **{param: getattr(SETTINGS, param) for param in names})


def with_orders(orders: list[Order]) -> duckdb.DuckDBPyConnection:
    """A build with these orders."""
    con = duckdb.connect()
    rows = [
        (buyer, shop, f"p_{shop}", address, *[DAY + timedelta(hours=hours)] * 2)
        for buyer, shop, address, hours in orders
    ]
    store(con, "staging.orders", pl.DataFrame(rows, schema=ORDERS, orient="row"))
    return con


def crowd_world(days_apart: float, surfaced: str = "odd") -> duckdb.DuckDBPyConnection:
    """Ten accounts buy at two small shops; a thousand others buy elsewhere."""
    both = [
        (f"b{n}", shop, f"a{n}", 24.0 * days_apart * n / 9)
        for n in range(10)
        for shop in ("odd", "even")
    ]
    others = [(f"c{n}", "big", f"ac{n}", float(n)) for n in range(1000)]
    con = with_orders([*both, *others])
    store(
        con,
        "staging.products",
        pl.DataFrame({"product_id": [f"p_{s}" for s in ("odd", "even", "big")]}).with_columns(
            merchant_id=pl.col("product_id").str.strip_prefix("p_")
        ),
    )
    store(
        con,
        "scores.anomalies",
        pl.DataFrame({"entity_type": "merchant", "entity_id": surfaced, "is_surfaced": [True]}),
    )
    return con


def test_a_crowd_that_came_to_two_odd_shops_within_days_is_found() -> None:
    """All ten and both shops; nobody of the thousand."""
    rows = run(crowd_world(days_apart=4), "rings/crowds")
    accounts = rows.filter(pl.col("entity_type") == "buyer")
    assert sorted(accounts["entity_id"]) == [f"b{n}" for n in range(10)]
    shops = rows.filter(pl.col("entity_type") == "merchant")
    assert sorted(shops["entity_id"]) == ["even", "odd"]


@pytest.mark.parametrize(("days_apart", "surfaced"), [(60.0, "odd"), (4.0, "big")])
def test_regulars_and_shops_that_stand_out_in_nothing_are_no_crowd(
    days_apart: float, surfaced: str
) -> None:
    """Two shops on one street share customers all year; others nobody looks at."""
    assert run(crowd_world(days_apart, surfaced), "rings/crowds").is_empty()


def relay_world(addresses: int, hours: float) -> duckdb.DuckDBPyConnection:
    """Customers of `front`; what they ordered is bought elsewhere by two accounts."""
    orders = []
    for n in range(6):
        address = f"a{n % addresses}"
        orders += [(f"c{n}", "front", address, 48.0 * n)]
        orders += [(f"b{n % 2}", "real", address, 48.0 * n + hours)]
    con = with_orders(orders)
    actors = pl.DataFrame({"node": ["buyer:b0", "buyer:b1"], "cluster": 7})
    store(con, "rings.actors", actors)
    return con


def test_a_front_belongs_to_those_who_buy_for_its_customers() -> None:
    """Six customers, six addresses, two accounts."""
    row = run(relay_world(addresses=6, hours=5.0), "rings/relays").row(0, named=True)
    assert (row["node"], row["cluster"]) == ("merchant:front", 7)
    assert (row["member_count"], row["address_count"]) == (2, 6)


@pytest.mark.parametrize(("addresses", "hours"), [(1, 5.0), (6, 40.0), (6, -5.0)])
def test_neighbours_are_no_front(addresses: int, hours: float) -> None:
    """One dormitory is one address; days later, or before, is no relay."""
    assert run(relay_world(addresses, hours), "rings/relays").is_empty()


def chained(relations: tuple[str, ...]) -> list[int]:
    """Chains of clusters 1 to 3; the sellers of 1 and 2 have these things in common."""
    con = duckdb.connect()
    store(con, "rings.actors", pl.DataFrame({"node": ["a", "b", "c"], "cluster": [1, 2, 3]}))
    sellers = pl.DataFrame({"node": ["merchant:1", "merchant:2"], "cluster": [1, 2]})
    store(con, "rings.sellers", sellers)
    store(con, "rings.relays", sellers.clear())
    ties = pl.DataFrame({"relation": relations}, schema={"relation": pl.String})
    store(con, "rings.ties", ties.with_columns(src=pl.lit("merchant:1"), dst=pl.lit("merchant:2")))
    return run(con, "rings/chains").sort("cluster")["chain"].to_list()


def test_one_owner_makes_one_case() -> None:
    """A payout account and an address are an owner; a warehouse, or bought shops, are none."""
    assert chained(("bank_account", "address")) == [1, 1, 3]
    assert chained(("address",)) == [1, 2, 3]
    assert chained(("address", "same_shop")) == [1, 2, 3]


def claimed(sellers_of_other: int) -> list[int]:
    """Chains of accounts in cluster 1 and three shops in cluster 2, some of them sellers of 1."""
    con = duckdb.connect()
    shops = [f"merchant:{n}" for n in range(3)]
    actors = {"node": ["buyer:a", "buyer:b", *shops], "cluster": [1, 1, 2, 2, 2]}
    store(con, "rings.actors", pl.DataFrame(actors))
    sellers = pl.DataFrame({"node": shops[:sellers_of_other], "cluster": 1})
    store(con, "rings.sellers", sellers)
    store(con, "rings.relays", sellers.clear())
    ties = {"relation": pl.String, "src": pl.String, "dst": pl.String}
    store(con, "rings.ties", pl.DataFrame(schema=ties))
    return run(con, "rings/chains").sort("cluster")["chain"].to_list()


def test_accounts_and_the_owner_of_the_shops_they_pay_are_one_case() -> None:
    """Two of three shops of one owner live on these accounts; one such shop is a customer's."""
    assert claimed(sellers_of_other=2) == [1, 1]
    assert claimed(sellers_of_other=1) == [1, 2]


REVIEWS = {
    "review_id": pl.String,
    "merchant_id": pl.String,
    "buyer_id": pl.String,
    "created_at": pl.Datetime,
    "body": pl.String,
    "band": pl.Int64,
    "sketch": pl.String,
}


def scripts(same_words: int, elsewhere: int, body: str = "so good, all of it") -> pl.DataFrame:
    """`same_words` accounts of one shop in one sketch, so many elsewhere; 300 others in their own.

    A sketch sees no words in a `body` without spaces, so each of those has its own.
    """
    is_spaced = " " in body
    rows = [
        *((f"s{n}", "shop", "one") for n in range(same_words)),
        *((f"e{n}", f"shop{n}", "one") for n in range(elsewhere)),
        *((f"h{n}", f"shop{n % 50}", f"own{n}") for n in range(300)),
    ]
    reviews = [
        (
            *(f"r_{buyer}", shop, buyer, DAY + timedelta(days=n)),
            *(f"{body if sketch == 'one' else sketch}{n}".ljust(60, "-"), 1),
            sketch if is_spaced else f"{n}",
        )
        for n, (buyer, shop, sketch) in enumerate(rows)
    ]
    con = duckdb.connect()
    frame = pl.DataFrame(reviews, schema=REVIEWS, orient="row")
    store(con, "similarity.review_sketches", frame.drop("body"))
    store(con, "facts.review_facts", frame.drop("band", "sketch"))
    return run(con, "rings/scripts")


def test_words_that_only_one_shop_gets_are_a_script() -> None:
    """Six accounts over days, with the first review as the name of what they share."""
    rows = scripts(same_words=6, elsewhere=0)
    assert sorted(rows["node"]) == [f"buyer:s{n}" for n in range(6)]
    assert rows["thing_id"].unique().to_list() == ["r_s0"]
    assert rows["account_count"].unique().to_list() == [6]


@pytest.mark.parametrize(("same_words", "elsewhere"), [(3, 0), (6, 40)])
def test_what_everybody_says_is_no_script(same_words: int, elsewhere: int) -> None:
    """A few of one shop, or many of one shop in the words of all the others."""
    assert scripts(same_words, elsewhere).is_empty()


def test_a_script_without_spaces_is_seen_by_how_it_begins() -> None:
    """A language that writes no spaces has one word a sentence."""
    body = "\u8fd9\u5bb6\u5e97" * 8
    assert scripts(same_words=5, elsewhere=0, body=body)["node"].n_unique() == 5


def joiners(shops: int, days_after: float, probability: float = 0.0) -> list[str]:
    """Who joins a ring of two accounts and two shops that trades on its first day.

    `x` buys at so many of its listings, so many days after; `far` at shops of nobody.
    """
    orders = [(buyer, f"m{n}", f"a{buyer}", 0.0) for buyer in "ab" for n in range(2)]
    orders += [("x", f"m{n}", "ax", 24.0 * days_after) for n in range(shops)]
    orders += [("far", f"o{n}", "af", 0.0) for n in range(2)]
    con = with_orders(orders)
    con.execute("alter table staging.orders add column creator_id varchar")
    core = ["buyer:a", "buyer:b", "merchant:m0", "merchant:m1", "product:p_m0", "product:p_m1"]
    store(con, "rings.core", pl.DataFrame({"node": core, "cluster": 3, "joined_by": "tie"}))
    likely = {"entity_type": "buyer", "entity_id": ["x"], "probability": [probability]}
    store(con, "alerts.probabilities", pl.DataFrame(likely))
    return run(con, "rings/further_accounts")["node"].to_list()


def test_who_buys_at_several_shops_of_a_campaign_in_its_days_joins() -> None:
    """Nobody suspects a worker with a life of its own; two listings in those days say it."""
    assert joiners(shops=2, days_after=1.0) == ["buyer:x"]
    assert joiners(shops=2, days_after=20.0, probability=0.2) == ["buyer:x"]


@pytest.mark.parametrize(("shops", "days_after"), [(1, 1.0), (2, 20.0)])
def test_customers_of_one_shop_and_of_later_days_do_not_join(shops: int, days_after: float) -> None:
    """Shops of a ring have customers of their own."""
    assert joiners(shops, days_after) == []
