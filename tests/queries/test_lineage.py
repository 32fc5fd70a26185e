"""Lineage: a column lacks what it rests on, and nothing else."""

from __future__ import annotations

import pytest

import queries
from queries.contract import raw_tables
from queries.lineage import Lineage
from queries.vocabulary import ENTITY_TYPES

SCHEMAS = ("staging", "graph", "facts", "days", "similarity", "windows", "surroundings")


def unknown(*missing: str, entity_type: str = "merchant") -> set[str]:
    """Features of a type that are unknown where `missing` is not delivered."""
    return set(Lineage(missing).unknown(f"features.{entity_type}"))


def test_where_nothing_is_missing_everything_is_known() -> None:
    """A whole delivery turns nothing off."""
    lineage = Lineage(())
    for schema in (*SCHEMAS, "features", "metrics"):
        for name in queries.names(f"{schema}/"):
            assert lineage.unknown(name.replace("/", ".")) == {}


def test_every_column_of_every_table_is_read() -> None:
    """The walk knows each table by the columns of its header: none is skipped, none invented."""
    lineage = Lineage(("shipments",))
    for schema in (*SCHEMAS, "features"):
        for name in queries.names(f"{schema}/"):
            columns = {column.name for column in queries.get(name).returns}
            for branch in lineage.relation(name.replace("/", ".")):
                assert set(branch.cells) == columns, name


def test_the_kind_of_an_event_leads_to_its_own_table() -> None:
    """Of a union of events only the branch of the kind asked for counts."""
    assert unknown("shipments.tracking_number") == {"reused_tracking_rate_90d"}
    assert unknown("merchants.device_id") == {"own_desk_orders_90d"}
    assert {"complaint_rate_90d", "scam_call_rate_90d"} <= unknown("complaints")
    assert "own_desk_orders_90d" not in unknown("complaints")


def test_what_is_shared_by_any_of_several_identifiers_is_known_while_one_of_them_is() -> None:
    """A union is known while one of its branches is."""
    shared = [f"merchants.{one}" for one in ("bank_account_id", "return_address_id", "device_id")]
    assert Lineage(shared[:2]).unknown("facts.sibling_shops") == {}
    lacks = Lineage(shared).unknown("facts.sibling_shops")["sibling_id"]
    assert len(lacks) == 1, "each of the three would do"
    assert lacks <= set(shared)


def test_a_condition_that_constants_decide_needs_no_column() -> None:
    """Only creators' hours ask whose creator an order had."""
    assert "hour_orders_per_buyer_30d" not in unknown("orders.creator_id")
    assert "merchant_orders_log_30d" in unknown("orders.creator_id", entity_type="creator")


def test_an_entity_type_lacks_only_what_its_own_events_lack() -> None:
    """A creator's device says nothing about shops."""
    assert unknown("creators.device_id") == set()
    assert "own_device_order_share_90d" in unknown("creators.device_id", entity_type="creator")


def test_the_core_alone_leaves_orders_known_and_what_follows_them_unknown() -> None:
    """No parcel, refund or review table: unknown, not zero."""
    core = {"merchants", "products", "buyers", "orders"}
    lineage = Lineage(raw_tables().keys() - core)
    merchant, buyer = (lineage.unknown(f"features.{one}") for one in ("merchant", "buyer"))
    assert {"orders_30d", "gmv_usd_90d", "orders_per_device_30d"}.isdisjoint(merchant)
    assert {"refund_rate_90d", "light_parcel_share_30d", "five_star_share_30d"} <= set(merchant)
    assert {"orders_90d", "device_accounts"}.isdisjoint(buyer)
    assert merchant["light_parcel_share_30d"] == {"shipments"}


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_a_missing_fact_never_makes_another_one_known(entity_type: str) -> None:
    """Delivering less never turns something on."""
    less = unknown("shipments", entity_type=entity_type)
    more = unknown("shipments", "orders.device_id", entity_type=entity_type)
    assert less <= more
