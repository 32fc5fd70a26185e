"""What stories about accounts share: goods to ask for and the phones a crew acts with.

Kept apart so that a story states only what it does with them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from sample_data.actors.world import World
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.randomness import Ints, Rng
from sample_data.planting.evasion import cells, rotate
from sample_data.planting.shop_tools import price_usd

SHELF = 20_000  # listings looked at, so that a large world costs no more than a small one
NEAREST = 12  # listings to choose from where none has the wanted price


@dataclass(frozen=True)
class Wanted:
    """What somebody is after; an empty tuple of categories means any."""

    market: int
    usd: tuple[float, float]  # shelf price
    before: int  # on sale at this instant
    categories: tuple[int, ...] = ()


def goods_like(world: World, rng: Rng, wanted: Wanted, count: int) -> Ints:
    """`count` listings like those wanted, repeats possible; the nearest in price if none fits."""
    goods, total = world.products, len(world.products.merchant)
    rows = np.arange(total) if total <= SHELF else np.unique(rng.integers(0, total, SHELF))
    shop = goods.merchant[rows]
    fits = (world.merchants.market[shop] == wanted.market) & (goods.listed_at[rows] < wanted.before)
    fits &= (world.merchants.closed_at[shop] < 0) & (goods.removed_at[rows] < 0)
    rows = rows[fits]
    usd = price_usd(world, rows)
    kind = np.isin(goods.category[rows], wanted.categories) | (not wanted.categories)
    best = rows[kind & (usd >= wanted.usd[0]) & (usd <= wanted.usd[1])]
    if not len(best):
        best = rows[np.argsort(np.abs(usd - np.mean(wanted.usd)), kind="stable")[:NEAREST]]
    return rng.choice(best, count).astype(np.int64)


@dataclass(frozen=True)
class Kit:
    """Identifiers that members of a crew act with, one of each per member."""

    cell: Ints
    device: Ints
    ip: Ints
    address: Ints


def kit(world: World, rng: Rng, members: int, evasion: Evasion) -> Kit:
    """One phone, network and drop address per cell, partly replaced by fresh ones."""
    cell = cells(rng, members, evasion)
    groups = int(cell.max()) + 1
    given = {}
    for kind in ("device", "ip", "address"):
        shared = world.new_identifiers(kind, groups)[cell]
        given[kind] = rotate(rng, world, kind, shared, evasion)
    return Kit(cell, **given)


def clock_of(instant: int) -> str:
    """The clock as a fact names it: "03:20 UTC"."""
    return f"{datetime.fromtimestamp(instant, UTC):%H:%M} UTC"
