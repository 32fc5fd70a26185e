"""What stories about accounts share: goods to ask for and the phones a crew acts with.

Kept apart so that a story states only what it does with them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from sample_data.actors.world import Fits, World
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.randomness import Bools, Ints, Rng
from sample_data.planting.evasion import cells, rotate
from sample_data.planting.shop_tools import price_usd

SHELF = 20_000  # listings looked at, so that a large world costs no more than a small one
RESELLABLE: Final = (3, 1, 2)  # electronics, shoes and bags, beauty
NEAREST = 12  # listings to choose from where none has the wanted price


def regular_shoppers(world: World, before: int) -> Fits:
    """Accounts opened `before` an instant by people with a habit of buying."""
    buyers = world.buyers

    def fits(rows: Ints) -> Bools:
        weight = buyers.weight[rows]
        habit: Bools = (weight > 0.8) & (weight < 6.0)
        return habit & (buyers.registered_at[rows] < before)

    return fits


def middling_creators(world: World, weight: tuple[float, float], before: int) -> Fits:
    """Creators of a size between two bounds who were there `before` an instant."""
    creators = world.creators

    def fits(rows: Ints) -> Bools:
        size = creators.weight[rows]
        middling: Bools = (size > weight[0]) & (size < weight[1])
        return middling & (creators.registered_at[rows] < before)

    return fits


@dataclass(frozen=True)
class ProductSearch:
    """What somebody is after; an empty tuple of categories means any."""

    market: int
    usd: tuple[float, float]  # shelf price
    before: int  # on sale at this instant
    categories: tuple[int, ...] = ()


def products_like(world: World, rng: Rng, search: ProductSearch, count: int) -> Ints:
    """`count` listings that fit a search, repeats possible; the nearest in price if none does."""
    goods, total = world.products, len(world.products.merchant)
    rows = np.arange(total) if total <= SHELF else np.unique(rng.integers(0, total, SHELF))
    merchant = goods.merchant[rows]
    fits = (world.merchants.market[merchant] == search.market) & (
        goods.listed_at[rows] < search.before
    )
    fits &= (world.merchants.closed_at[merchant] < 0) & (goods.removed_at[rows] < 0)
    rows = rows[fits]
    usd = price_usd(world, rows)
    in_category = np.isin(goods.category[rows], search.categories) | (not search.categories)
    best = rows[in_category & (usd >= search.usd[0]) & (usd <= search.usd[1])]
    if not len(best):
        best = rows[np.argsort(np.abs(usd - np.mean(search.usd)), kind="stable")[:NEAREST]]
    return rng.choice(best, count).astype(np.int64)


@dataclass(frozen=True)
class CrewIdentifiers:
    """Identifiers that members of a crew act with, one of each per member."""

    cell: Ints
    device: Ints
    ip: Ints
    address: Ints


def crew_identifiers(world: World, rng: Rng, members: int, evasion: Evasion) -> CrewIdentifiers:
    """One phone, network and drop address per cell, partly replaced by fresh ones."""
    cell = cells(rng, members, evasion)
    groups = int(cell.max()) + 1
    identifiers = {}
    for kind in ("device", "ip", "address"):
        by_cell = world.new_identifiers(kind, groups)[cell]
        identifiers[kind] = rotate(rng, world, kind, by_cell, evasion)
    return CrewIdentifiers(cell, **identifiers)


def clock_of(instant: int) -> str:
    """The clock as a fact names it: "03:20 UTC"."""
    return f"{datetime.fromtimestamp(instant, UTC):%H:%M} UTC"
