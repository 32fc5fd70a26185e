"""Neighbours are summed up over each relation without the subject, and unknown where too few."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import log
from statistics import stdev, variance
from typing import TYPE_CHECKING, Any

import pytest

import queries
from tests.schemas import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

TODAY = date(2026, 3, 2)
BASE = 0.1
TABLES = {
    "facts.snapshots": "entity_type varchar, as_of date",
    "population.observations": "entity_type varchar, entity_id varchar, as_of date,"
    " observation_id bigint",
    "population.buyer_spine": "observation_id bigint, entity_key bigint, buyer_id varchar,"
    " as_of date",
    "facts.entity_keys": "entity_type varchar, entity_id varchar, entity_key bigint",
    "population.base_rates": "entity_type varchar, as_of date, base_rate double",
    "facts.verdicts": "entity_type varchar, entity_id varchar, label varchar, known_day date,"
    " replaced_day date",
    "facts.order_facts": "order_id varchar, buyer_id varchar, merchant_id varchar,"
    " creator_id varchar, day date, hour_at timestamp, buyer_age_days double,"
    " device_accounts bigint",
    "windows.entity_windows": "entity_type varchar, entity_id varchar, as_of date,"
    " orders_30d double, orders_90d double, instant_orders_30d double, deliveries_30d double,"
    " light_parcels_30d double",
    "windows.buyer_mix": "entity_type varchar, entity_id varchar, as_of date,"
    " device_log_30d double",
    "similarity.shared_identifier_neighbours": "entity_type varchar, entity_id varchar,"
    " neighbour_id varchar,"
    " known_from timestamp, known_until timestamp",
    "facts.review_facts": "buyer_id varchar, merchant_id varchar, day date, is_low_star integer",
    "facts.sibling_shops": "merchant_id varchar, sibling_id varchar, known_from timestamp,"
    " known_until timestamp",
    "windows.entity_neighbours": "entity_type varchar, entity_id varchar, as_of date,"
    " confirmed_bad_orders_90d double",
    "facts.session_orders": "order_id varchar, live_session_id varchar, buyer_id varchar,"
    " placed_on date",
    "windows.session_trade": "live_session_id varchar, as_of date",
    "staging.products": "product_id varchar, merchant_id varchar",
}


@pytest.fixture
def tiny() -> Iterator[duckdb.DuckDBPyConnection]:
    """No events yet, one snapshot, and a tenth of every kind confirmed bad."""
    with empty_tables(TABLES) as con:
        for kind in ("merchant", "creator", "product", "buyer"):
            add(con, "facts.snapshots", entity_type=kind, as_of=TODAY)
            add(con, "population.base_rates", entity_type=kind, as_of=TODAY, base_rate=BASE)
        yield con


def add(con: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    """One row; what is not named is null."""
    con.execute(
        f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})",
        list(values.values()),
    )


def describe(con: duckdb.DuckDBPyConnection, kind: str, entity_id: str, **windows: float) -> None:
    """One entity at the snapshot with some of its windows; device_log is its buyers'."""
    key = {"entity_type": kind, "entity_id": entity_id, "as_of": TODAY}
    device_log = windows.pop("device_log", None)
    place = queries.scalar(con, "select count(*) from population.observations")
    add(con, "population.observations", **key, observation_id=place)
    add(con, "windows.entity_windows", **key, **windows)
    if device_log is not None:
        add(con, "windows.buyer_mix", **key, device_log_30d=device_log)


def sell(
    con: duckdb.DuckDBPyConnection, buyer: str = "b0", days_ago: int = 1, **values: object
) -> None:
    """One order of that day, placed at noon unless said otherwise."""
    day = TODAY - timedelta(days=days_ago)
    place = queries.scalar(con, "select count(*) from facts.order_facts")
    noon = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
    row = {"order_id": f"o{place}", "buyer_id": buyer, "day": day, "hour_at": noon} | values
    add(con, "facts.order_facts", **row)


def convict(con: duckdb.DuckDBPyConnection, kind: str, entity_id: str, days_ago: int = 1) -> None:
    """Confirmed bad since that day."""
    known = TODAY - timedelta(days=days_ago)
    row = {"entity_type": kind, "entity_id": entity_id, "label": "bad", "known_day": known}
    add(con, "facts.verdicts", **row)


def built(con: duckdb.DuckDBPyConnection, *names: str) -> list[dict[str, Any]]:
    """Rows of the last of some feature tables, built one after the other."""
    for name in names:
        queries.build(con, name)
    rows: list[dict[str, Any]] = (
        con.sql(f"from {queries.get(names[-1]).table} order by all").pl().rows(named=True)
    )
    return rows


def test_partners_are_whom_one_sold_with_in_a_month(tiny: duckdb.DuckDBPyConnection) -> None:
    """A shop's creators tell mean, spread, most and logarithm; each of them has one shop."""
    describe(tiny, "merchant", "m0", orders_30d=9.0, device_log=0.5)
    for place, (crowding, orders) in enumerate([(0.0, 10.0), (1.0, 20.0), (9.0, 4.0)]):
        describe(tiny, "creator", f"c{place}", orders_30d=orders, device_log=crowding)
        for days_ago in (2, 4):
            sell(tiny, merchant_id="m0", creator_id=f"c{place}", days_ago=days_ago)
    describe(tiny, "creator", "old", orders_30d=9.0, device_log=5.0)
    sell(tiny, merchant_id="m0", creator_id="old", days_ago=31)
    convict(tiny, "creator", "c1")
    convict(tiny, "creator", "c2", days_ago=0)
    *creators, shop = built(tiny, "days/partner_days", "surroundings/partners")
    assert (shop["partners"], shop["bad_partners"], shop["base_rate"]) == (3.0, 1.0, BASE)
    assert shop["orders_log_30d"] == pytest.approx(log(1.0 + 34.0))
    assert shop["device_log_30d"] == pytest.approx(0.5)
    assert shop["device_log_sd_30d"] == pytest.approx(stdev([0.0, 1.0]))
    assert shop["device_log_max_30d"] == pytest.approx(1.0)
    assert [row["entity_id"] for row in creators] == ["c0", "c1", "c2"]
    assert {row["device_log_30d"] for row in creators} == {0.5}
    assert {row["device_log_sd_30d"] for row in creators} == {None}


def test_a_creators_kin_are_compared_by_instant_orders(tiny: duckdb.DuckDBPyConnection) -> None:
    """Who has too few orders has no share, yet its orders count; a tie of later days does not."""
    describe(tiny, "creator", "c0", orders_30d=50.0, instant_orders_30d=50.0)
    for kin, orders, instant in (("c1", 10.0, 5.0), ("c2", 10.0, 1.0), ("c3", 4.0, 4.0)):
        describe(tiny, "creator", kin, orders_30d=orders, instant_orders_30d=instant)
    for kin, known in (("c1", 3), ("c1", 2), ("c2", 1), ("c3", 1), ("later", 0)):
        since = datetime.combine(TODAY - timedelta(days=known), datetime.min.time())
        row = {"entity_id": "c0", "neighbour_id": kin, "known_from": since}
        add(tiny, "similarity.shared_identifier_neighbours", entity_type="creator", **row)
    [found] = built(tiny, "surroundings/linked_creators")
    assert found["instant_share_30d"] == pytest.approx(0.3)
    assert found["instant_sd_30d"] == pytest.approx(stdev([0.5, 0.1]))
    assert found["instant_max_30d"] == pytest.approx(0.5)
    assert found["orders_log_30d"] == pytest.approx(log(1.0 + 24.0))


@pytest.mark.parametrize("shares", [[0.4], [0.4, 0.1], [0.4, 0.1, 0.1]], ids=len)
def test_shops_behind_one_desk_have_a_spread_and_a_most(
    shares: list[float], tiny: duckdb.DuckDBPyConnection
) -> None:
    """The spread of one is unknown, not none."""
    for place, share in enumerate(shares):
        parcels = {"deliveries_30d": 10.0, "light_parcels_30d": 10.0 * share}
        describe(tiny, "merchant", f"m{place}", orders_90d=20.0, **parcels)
        row = {"merchant_id": "m", "sibling_id": f"m{place}", "known_from": datetime(2026, 1, 1)}  # noqa: DTZ001
        add(tiny, "facts.sibling_shops", **row)
    [found] = built(tiny, "surroundings/linked_shops")
    assert found["light_parcel_max_30d"] == pytest.approx(0.4)
    spread = None if len(shares) == 1 else pytest.approx(stdev(shares))
    assert found["light_parcel_sd_30d"] == spread


def test_a_listing_is_compared_with_the_others_of_its_shop(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    """Its own orders and buyers are not its neighbours'; of four orders nothing is said."""
    describe(tiny, "merchant", "m0", orders_30d=20.0, device_log=0.5)
    describe(tiny, "product", "p0", orders_30d=10.0, device_log=1.0)
    describe(tiny, "product", "p1", orders_30d=16.0, device_log=0.0)
    for product in ("p0", "p1"):
        add(tiny, "staging.products", product_id=product, merchant_id="m0")
    first, second = built(tiny, "surroundings/sibling_listings")
    assert first["orders_log_30d"] == pytest.approx(log(1.0 + 10.0))
    assert first["device_log_30d"] == 0.0
    assert second["orders_log_30d"] == pytest.approx(log(1.0 + 4.0))
    assert second["device_log_30d"] is None


def test_the_accounts_that_ordered_in_a_room_are_known_to_the_day(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    """A verdict counts from the day after it, a buyer once, an order of today not yet."""
    add(tiny, "windows.session_trade", live_session_id="l0", as_of=TODAY)
    ages = [10.0, 20.0, 60.0]
    for place, (buyer, days_ago) in enumerate([("b0", 1), ("b1", 2), ("b0", 3), ("b2", 0)]):
        age = [*ages, 900.0][place]
        sell(tiny, buyer, days_ago, buyer_age_days=age, device_accounts=place + 1)
        placed = TODAY - timedelta(days=days_ago)
        row = {"order_id": f"o{place}", "live_session_id": "l0", "buyer_id": buyer}
        add(tiny, "facts.session_orders", **row, placed_on=placed)
    convict(tiny, "buyer", "b0")
    convict(tiny, "buyer", "b1", days_ago=0)
    [found] = built(tiny, "windows/session_buyer_mix")
    assert found["buyer_age_mean"] == pytest.approx(30.0)
    assert found["buyer_age_sd"] == pytest.approx(stdev(ages))
    assert found["device_log"] == pytest.approx((log(1) + log(2) + log(3)) / 3.0, abs=1e-6)
    assert (found["max_device"], found["bad_buyers"]) == (3.0, 1.0)


@pytest.mark.parametrize(
    ("per_day", "entropy"),
    [([10], 0.0), ([1] * 10, 0.0), ([2, 3, 5], 0.0), ([9], None)],
    ids=["all at once", "once a day", "in bursts", "too few"],
)
def test_how_unevenly_a_buyer_orders(
    per_day: list[int], entropy: float | None, tiny: duckdb.DuckDBPyConnection
) -> None:
    """Variance of the daily counts against their mean over 90 days, ten orders or more."""
    describe(tiny, "buyer", "b0")
    for place, orders in enumerate(per_day):
        for _ in range(orders):
            sell(tiny, days_ago=9 * place + 1)
    sell(tiny, days_ago=91)
    rows = built(tiny, "windows/buyer_spread")
    if entropy is None:
        assert rows == []
        return
    counts = per_day + [0] * (90 - len(per_day))
    mean = sum(counts) / 90.0
    assert rows[0]["order_fano_90d"] == pytest.approx(variance(counts) / mean)
    assert rows[0]["order_hour_entropy_90d"] == pytest.approx(entropy, abs=1e-9)


def test_orders_spread_over_the_day_have_an_entropy_of_one(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    """Two orders in each of the eight blocks of three hours."""
    describe(tiny, "buyer", "b0")
    day = TODAY - timedelta(days=1)
    for hour in [*range(0, 24, 3), *range(2, 24, 3)]:
        sell(tiny, hour_at=datetime.combine(day, datetime.min.time()) + timedelta(hours=hour))
    [found] = built(tiny, "windows/buyer_spread")
    assert found["order_hour_entropy_90d"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("reviews", "found"),
    [
        ([("b0", "m0", 1), ("b1", "m0", 2), ("b2", "m0", 3)], [2.0]),
        ([("b0", "m0", 1), ("b1", "m0", 2), ("b2", "m1", 3)], [1.0]),
        ([("b0", "m0", 1), ("b1", "m0", 2), ("b0", "m0", 5), ("b1", "m0", 9)], [1.0]),
        ([("b0", "m0", 1), ("b1", "m0", 91)], []),
        ([("b0", "m0", 0), ("b1", "m0", 2)], []),
        ([("b1", "m0", 1), ("b2", "m0", 2)], []),
        ([("b0", "m0", 1), ("b3", "m0", 2)], []),
    ],
    ids=["two", "another shop", "twice", "long ago", "today", "not its own", "a stranger"],
)
def test_companions_who_turn_on_the_same_shop(
    reviews: list[tuple[str, str, int]], found: list[float], tiny: duckdb.DuckDBPyConnection
) -> None:
    """Each counts once, for bad ratings of both within 90 days, known before the day."""
    describe(tiny, "buyer", "b0")
    since = datetime.combine(TODAY - timedelta(days=200), datetime.min.time())
    for companion in ("b1", "b1", "b2"):
        row = {"entity_id": "b0", "neighbour_id": companion, "known_from": since}
        add(tiny, "similarity.shared_identifier_neighbours", entity_type="buyer", **row)
    for buyer, shop, days_ago in reviews:
        low = {"buyer_id": buyer, "merchant_id": shop, "day": TODAY - timedelta(days=days_ago)}
        add(tiny, "facts.review_facts", **low, is_low_star=1)
    assert [row["low_raters_90d"] for row in built(tiny, "windows/co_targeted_shops")] == found


def test_what_the_shops_of_a_buyer_are_like(tiny: duckdb.DuckDBPyConnection) -> None:
    """Each order counts its shop; of a shop with few orders only these are known."""
    describe(tiny, "buyer", "b0")
    key = {"observation_id": 0, "entity_key": 1, "buyer_id": "b0", "as_of": TODAY}
    add(tiny, "population.buyer_spine", **key)
    add(tiny, "facts.entity_keys", entity_type="buyer", entity_id="b0", entity_key=1)
    crowded = {"deliveries_30d": 10.0, "light_parcels_30d": 4.0}
    describe(tiny, "merchant", "m0", orders_30d=20.0, device_log=1.0, **crowded)
    describe(tiny, "merchant", "m1", orders_30d=10.0, device_log=0.25, deliveries_30d=4.0)
    describe(tiny, "merchant", "m2", orders_30d=4.0, device_log=9.0)
    for shop, days_ago in (("m0", 1), ("m1", 2), ("m1", 90), ("m2", 3), ("m0", 91), ("m0", 0)):
        sell(tiny, days_ago=days_ago, merchant_id=shop, device_accounts=2)
    [found] = built(tiny, "surroundings/merchant_conduct", "surroundings/buyer_merchants")
    assert found["device_log"] == pytest.approx(0.5)
    assert found["device_log_sd"] == pytest.approx(stdev([1.0, 0.25, 0.25]))
    assert found["device_log_max"] == 1.0
    assert found["own_device_log"] == pytest.approx(log(2.0), abs=1e-6)
    assert (found["light_parcels"], found["light_parcels_max"]) == (0.4, 0.4)
    assert found["orders_log"] == pytest.approx(log(1.0 + 20.0 + 10.0 + 10.0 + 4.0))
