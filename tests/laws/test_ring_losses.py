"""A ring's money is counted once, however many of its members are alerted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.pricing import build, build_parties, pricing_database, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of one's own."""
    with pricing_database() as database:
        yield database


def losses(
    con: duckdb.DuckDBPyConnection,
    members: list[tuple[str, str]],
    terms: list[dict[str, Any]] | None = None,
) -> dict[str, float]:
    """Daily loss of suspects over three orders of 30 USD, of one shop, by two buyers."""
    orders = [("ord_1", "buy_1"), ("ord_2", "buy_1"), ("ord_3", "buy_2")]
    put(
        con,
        "alerts.money_events",
        [
            {"flow": "gmv_usd", "event_id": event, "merchant_id": "mer_1", "product_id": "prd_1"}
            | {"creator_id": None, "buyer_id": buyer, "live_session_id": None, "amount_usd": 30.0}
            for event, buyer in orders
        ],
    )
    con.execute("alter table alerts.money_events alter amount_usd type decimal(18, 6)")
    put(
        con,
        "alerts.candidates",
        [
            {"entity_type": k, "entity_id": i, "typology": "T1_BRUSHING", "lane": "score"}
            for k, i in members
        ],
    )
    put(
        con,
        "alerts.loss_terms",
        [
            {"typology": "T1_BRUSHING", "entity_type": entity_type, "flow": "gmv_usd", "share": 1.0}
            | {"bearer": "rival"}
            for entity_type in ("merchant", "product", "buyer")
        ]
        if terms is None
        else terms,
    )
    build_parties(con)
    build(con, "alerts/bearer_losses")
    build(con, "alerts/losses")
    losses = con.sql("select entity_id, daily_loss_usd, ring_share from alerts.losses").pl()
    assert losses["ring_share"].is_between(0.0, 1.0).all()
    return dict(losses.select("entity_id", "daily_loss_usd").iter_rows())


RING = [("merchant", "mer_1"), ("product", "prd_1"), ("buyer", "buy_1"), ("buyer", "buy_2")]
MONEY_OF_RING = 3 * 30.0 / 30.0


def test_a_rings_money_is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    """Shop, listing and buyers together lose what the orders were worth, not four times that."""
    together = losses(con, RING)
    assert together.keys() == {entity for _, entity in RING}
    assert sum(together.values()) == pytest.approx(MONEY_OF_RING)
    assert together["mer_1"] == pytest.approx(MONEY_OF_RING / 3.0)


@pytest.mark.parametrize("size", range(1, len(RING) + 1))
def test_no_set_of_members_sums_to_more_than_its_orders(
    size: int, con: duckdb.DuckDBPyConnection
) -> None:
    """Whoever of the ring is suspected, their parts never exceed the orders they touched."""
    assert sum(losses(con, RING[:size]).values()) == pytest.approx(MONEY_OF_RING)


def test_who_is_alone_carries_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    """A single suspect's loss is that of every order it touched."""
    assert losses(con, [("buyer", "buy_1")]) == {"buy_1": pytest.approx(2 * 30.0 / 30.0)}


def test_two_bearers_of_one_flow_are_one_suspect(con: duckdb.DuckDBPyConnection) -> None:
    """A loss that two parties bear is neither halved nor shared with oneself."""
    term = {"typology": "T1_BRUSHING", "entity_type": "merchant", "flow": "gmv_usd"}
    bearers = [("rival", 0.25), ("platform", 0.5), ("buyer", 0.25)]
    terms = [term | {"bearer": name, "share": share} for name, share in bearers]
    assert losses(con, RING[:1], terms) == {"mer_1": pytest.approx(MONEY_OF_RING)}
    [row] = con.sql("select ring_share, loss_bearer from alerts.losses").fetchall()
    assert row == (pytest.approx(1.0), "platform")


@pytest.mark.parametrize("turn", [1, -1])
def test_the_largest_bearer_is_named(turn: int, con: duckdb.DuckDBPyConnection) -> None:
    """By all it bears, not by its largest part; of equals the first by name."""
    term = {"typology": "T1_BRUSHING", "entity_type": "merchant"}
    more = con.sql("select * replace ('refund_usd' as flow) from alerts.money_events").pl()
    terms = [
        term | {"flow": flow, "bearer": name, "share": share}
        for flow, name, share in (
            ("gmv_usd", "rival", 0.4),
            ("gmv_usd", "buyer", 0.3),
            ("refund_usd", "buyer", 0.3),
            ("gmv_usd", "agency", 0.6),
        )
    ]
    losses(con, RING[:1], terms)
    con.register("_more", more)
    con.execute("insert into alerts.money_events select * from _more")
    con.unregister("_more")
    put(con, "alerts.loss_terms", terms[::turn])
    build_parties(con)
    build(con, "alerts/bearer_losses")
    build(con, "alerts/losses")
    [row] = con.sql("select loss_bearer from alerts.losses").fetchall()
    assert row == ("agency",)
