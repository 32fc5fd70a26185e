"""Accounts that move together are found by when they were where, not by how much they bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl
import pytest

import queries
from benchmarks.lockstep import by_density, lockstep, quality_of
from benchmarks.lockstep_market import Market, simulate

if TYPE_CHECKING:
    import duckdb

pytestmark = pytest.mark.slow  # simulates rings

MARKET = Market(orders=150_000, campaign_hours=6)
NOON = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - UTC without a zone, as stored


def at(who: str, what: str, hours: float) -> tuple[str, str, datetime]:
    """One order, that many hours after a Monday noon."""
    return who, what, NOON + timedelta(hours=hours)


def in_lockstep(orders: list[tuple[str, str, datetime]]) -> set[str]:
    """Accounts in lockstep among a few orders."""
    columns = ["buyer_id", "product_id", "created_at"]
    return lockstep(pl.DataFrame(orders, schema=columns, orient="row"))


def crew(size: int, listings: int, gap_hours: float) -> list[tuple[str, str, datetime]]:
    """Accounts that buy the same listings, one after the other by `gap_hours`."""
    return [
        at(f"b{who}", f"p{what}", 24 * 7 * what + who * gap_hours)
        for who in range(size)
        for what in range(listings)
    ]


@pytest.mark.parametrize(("hours", "precision", "recall"), [(6, 0.95, 0.95), (24, 0.95, 0.85)])
def test_a_camouflaged_ring_is_found(hours: int, precision: float, recall: float) -> None:
    """600 accounts sent to 20 of 60 listings within hours stand out of a popular market."""
    orders, ring = simulate(replace(MARKET, campaign_hours=hours))
    quality = quality_of(lockstep(orders), ring)
    assert quality.precision >= precision
    assert quality.recall >= recall


def test_density_misses_the_ring_that_timing_finds() -> None:
    """Sent to 8 of 60 listings within a day, the ring is lost to peeling and found by time."""
    orders, ring = simulate(replace(MARKET, campaign_hours=24, task_products=8))
    assert quality_of(by_density(orders), ring).f1 < 0.1
    assert quality_of(lockstep(orders), ring).f1 > 0.9


def test_a_sparse_ring_over_a_week_is_lost() -> None:
    """What the benchmark says is still lost is lost; whoever mends that mends its words too."""
    orders, ring = simulate(replace(MARKET, campaign_hours=168, task_products=8))
    assert quality_of(lockstep(orders), ring).recall < 0.1


@pytest.mark.parametrize(
    ("size", "listings", "gap_hours", "group_size"),
    [
        (4, 3, 0.4, 4),
        (4, 2, 0.4, 0),
        (3, 5, 0.4, 0),
        (4, 3, 7.9, 4),
        (4, 3, 25.0, 0),
        (4, 4, 11.9, 4),
        (4, 4, 73.0, 0),
    ],
    ids=[
        "three listings within two hours",
        "two listings are chance",
        "three accounts are no group",
        "three listings within a day",
        "a day apart takes four",
        "four listings within three days",
        "further apart than three days",
    ],
)
def test_k_listings_within_a_width_make_a_pair(
    size: int, listings: int, gap_hours: float, group_size: int
) -> None:
    """Three within 2 hours or a day, four within 3 days; and four accounts make a group."""
    assert len(in_lockstep(crew(size, listings, gap_hours))) == group_size


@pytest.mark.parametrize("start", range(4))
def test_no_boundary_cuts_a_pair_apart(start: int) -> None:
    """Half an hour apart is together, whatever the hour is."""
    orders = [
        at(f"b{who}", f"p{what}", start * 0.5 + 24 * 7 * what + who * 0.125)
        for who in range(4)
        for what in range(3)
    ]
    assert len(in_lockstep(orders)) == 4


def test_a_crowd_is_no_pair() -> None:
    """Hundreds at the same three listings in one hour are a sale, not a ring."""
    assert in_lockstep(crew(300, 3, 0.001)) == set()


def test_core_numbers_are_those_of_the_literature(con: duckdb.DuckDBPyConnection) -> None:
    """On the pairs of the small marketplace, at its last snapshot, as networkx peels them."""
    sql = "select max(as_of) from similarity.lockstep_groups"
    as_of: date = queries.scalar(con, sql)
    pairs = con.execute(
        "select buyer_id, partner_id from graph.lockstep_pairs where reached_day < $as_of",
        {"as_of": as_of},
    ).fetchall()
    expected = nx.core_number(nx.Graph(pairs))
    cores = "select buyer_id, core from similarity.lockstep_groups where as_of = $as_of"
    assert dict(con.execute(cores, {"as_of": as_of}).fetchall()) == expected
    assert max(expected.values()) >= 3
