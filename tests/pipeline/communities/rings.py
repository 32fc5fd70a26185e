"""A small graph to cluster: one ring, one family, a shop that the ring lives on and a mall."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import polars as pl

from pipeline.settings.build import CommunitySettings
from tests.pipeline import tiny

SETTINGS = CommunitySettings()
NOW = datetime(2026, 4, 20, 10)  # noqa: DTZ001 - UTC without a zone, as stored
LONG_AGO = NOW - timedelta(days=200)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "src": pl.String,
    "dst": pl.String,
    "relation": pl.String,
    "weight": pl.Float64,
    "evidence_count": pl.Int64,
    "first_seen_at": pl.Datetime("us"),
    "last_seen_at": pl.Datetime("us"),
}


def node(entity_type: str, number: int) -> str:
    """Key of a node."""
    return f"{entity_type}:{tiny.name(entity_type, number)}"


def edges(*rows: tuple[str, str, str], last_seen: datetime = NOW) -> pl.DataFrame:
    """Edges (src, dst, relation) of weight 1."""
    full = [(*sorted(row[:2]), row[2], 1.0, 1, last_seen, last_seen) for row in rows]
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def clique(numbers: range, relation: str = "shares_device") -> list[tuple[str, str, str]]:
    """Buyers who all share one thing."""
    return [(node("buyer", a), node("buyer", b), relation) for a, b in combinations(numbers, 2)]


RING, FAMILY = clique(range(12)), clique(range(20, 24), "shares_address")
SHOP, MALL = node("merchant", 0), node("merchant", 1)
TRADE = [
    *((node("buyer", n), SHOP, "bought_from") for n in range(6)),
    *((node("buyer", n), MALL, "bought_from") for n in range(9, 90)),
]
