"""Parcels: dispatched, scanned, weighed, delivered, and sometimes lost.

A parcel's fate beyond the end of the data is not exported, nor is a scan that the
carrier's feed had not yet brought; the strike delays every shop of its market alike.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import trait
from sample_data.kit.markets import MARKETS, per_market
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.kit.settings import DAY, HOUR, WorldSettings
from sample_data.kit.timeline import CARRIER_STRIKE_DAY
from sample_data.period.order_requests import usual
from sample_data.period.tracking_numbers import Dispatch, tracking_codes

STRIKE_MARKET = 1  # GB
STRIKE_DAYS = (float(CARRIER_STRIKE_DAY), CARRIER_STRIKE_DAY + 6.0)
STRIKE_DELAY_HOURS = 84.0  # median extra wait of a parcel dispatched in the strike
CARRIERS: Final = tuple(name for market in MARKETS for name in market.carriers)
LOST_SHARE = 0.007  # of parcels
LATE_SCAN_SHARE = 0.034  # of parcels the carrier first sees days after the dispatch mark
LATE_SCAN_HOURS = 70.0  # median of that extra wait
FORWARDED_FROM = 5  # shops behind one return address: a forwarder fills a lorry before it leaves
FORWARDED_SHARE, FORWARDED_HOURS = 0.6, 26.0  # of its parcels, and their median extra wait
PACKING_GRAMS = 34.0  # median box and padding; letters of light goods weigh less
LIGHT_GRAMS = 80.0  # declared weight below which goods travel as letters, often same day
LOCAL_SHARE = 0.45  # of letters that go to the same city
SCANS_MEAN = 5.2
LATE_DAYS = 9  # dispatch to delivery, from which buyers fear for their parcel
EXPRESS_FACTOR = 0.6  # of the usual transit time
FEED_HOURS = 5.0  # median from a carrier's scan to our hearing of it
MISMATCH = np.array([0.012, 0.03, 0.02, 0.015, 0.025, 0.01, 0.045, 0.03])  # GPS error, by carrier
DROPSHIPPER_SHARE = 0.05  # of shops that have suppliers send their goods
STACK = 60  # bought labels that come from one place
ELSEWHERE_SHARE = 0.012  # of other parcels that leave from some other place
USED: Final = (
    "merchant",
    "market",
    "product",
    "quantity",
    "is_express",
    "paid_at",
    "cancelled_at",
    "dispatch_hours",
    "scan_gap_hours",
    "transit_hours",
    "lost_chance",
    "scans",
    "parcel_grams",
    "address_match",
    "tracking",
)


def parcels_with(
    columns: tuple[str, ...], orders: pl.DataFrame, parcels: pl.DataFrame
) -> pl.DataFrame:
    """The parcels with the named columns of their orders."""
    return orders.select(columns)[parcels["row"].to_numpy()].hstack(parcels)


def strike_span(settings: WorldSettings) -> tuple[int, int]:
    """First and last instant of the carrier strike."""
    return settings.day_s(STRIKE_DAYS[0]), settings.day_s(STRIKE_DAYS[1])


def _struck(world: World, orders: pl.DataFrame, at: Ints) -> Bools:
    """Parcels that meet the strike at an instant."""
    begin, end = strike_span(world.settings)
    struck: Bools = (orders["market"].to_numpy() == STRIKE_MARKET) & (at >= begin) & (at < end)
    return struck


def _dispatch(world: World, rng: Rng, orders: pl.DataFrame) -> Ints:
    """Dispatch instant: a shop's own pace, slower in the strike."""
    pace = 12.0 + 22.0 * np.abs(np.sin(orders["merchant"].to_numpy() * 78.233))
    hours = usual(orders["dispatch_hours"].to_numpy(), log_normal(rng, pace, 0.55, orders.height))
    paid_at = orders["paid_at"].to_numpy()
    hit = np.flatnonzero(_struck(world, orders, paid_at))
    hours[hit] += log_normal(rng, STRIKE_DELAY_HOURS * 0.4, 0.5, hit.size)
    return whole(paid_at + np.maximum(hours, 0.2) * HOUR)


def is_forwarded(world: World) -> Bools:
    """Shops behind a forwarder: many share one return address."""
    _, house, merchants = np.unique(
        world.merchants.return_address, return_inverse=True, return_counts=True
    )
    many: Bools = merchants[house] >= FORWARDED_FROM
    return many


def _scan_gap(world: World, rng: Rng, orders: pl.DataFrame) -> Floats:
    """Hours from the dispatch mark to the first scan."""
    gap = log_normal(rng, 5.0, 0.8, orders.height)
    slow = np.flatnonzero(chance(rng, LATE_SCAN_SHARE, orders.height))
    gap[slow] += log_normal(rng, LATE_SCAN_HOURS, 0.45, slow.size)
    waits = np.flatnonzero(is_forwarded(world)[orders["merchant"].to_numpy()])
    waits = waits[chance(rng, FORWARDED_SHARE, waits.size)]
    gap[waits] += log_normal(rng, FORWARDED_HOURS, 0.5, waits.size)
    quick = ~np.isnan(orders["transit_hours"].to_numpy())
    gap = np.where(quick, np.minimum(gap, 2.5), gap)
    return usual(orders["scan_gap_hours"].to_numpy(), gap)


def _travel(world: World, rng: Rng, orders: pl.DataFrame, shipped_at: Ints) -> tuple[Ints, Ints]:
    """First scan and delivery; a lost parcel is never delivered."""
    count = orders.height
    first_scan = whole(shipped_at + _scan_gap(world, rng, orders) * HOUR)
    light = world.products.weight_grams[orders["product"].to_numpy()] < LIGHT_GRAMS
    local = light & chance(rng, LOCAL_SHARE, count)
    median = np.where(local, 9.0, per_market("transit_hours")[orders["market"].to_numpy()])
    story_hours = orders["transit_hours"].to_numpy()
    median = np.where(orders["is_express"].to_numpy(), EXPRESS_FACTOR * median, median)
    hours = usual(story_hours, log_normal(rng, median, 0.38, count))
    hit = np.flatnonzero(_struck(world, orders, first_scan))
    hours[hit] += log_normal(rng, STRIKE_DELAY_HOURS, 0.4, hit.size)
    delivered_at = whole(np.maximum(first_scan, shipped_at) + hours * HOUR)
    lost_chance = usual(
        orders["lost_chance"].to_numpy(), np.where(np.isnan(story_hours), LOST_SHARE, 0.0)
    )
    return first_scan, np.where(rng.random(count) < lost_chance, NEVER, delivered_at)


def _weigh(world: World, rng: Rng, orders: pl.DataFrame) -> Floats:
    """Parcel weight in grams: the goods and their packing, or what a story put in."""
    declared_grams = world.products.weight_grams[orders["product"].to_numpy()]
    goods = (
        declared_grams
        * orders["quantity"].to_numpy()
        * (1.0 + rng.normal(0.0, 0.05, orders.height))
    )
    packing = log_normal(
        rng, np.where(declared_grams < LIGHT_GRAMS, 9.0, PACKING_GRAMS), 0.5, orders.height
    )
    grams: Floats = np.maximum(usual(orders["parcel_grams"].to_numpy(), goods + packing), 3.0)
    return np.rint(grams)


def _scans(rng: Rng, orders: pl.DataFrame, hours: Floats) -> Ints:
    """Carrier scans over the whole journey: longer ways, more depots."""
    mean = 1.5 + (SCANS_MEAN - 2.0) * np.clip(hours / 60.0, 0.25, 2.0)
    return 1 + rng.poisson(np.maximum(usual(orders["scans"].to_numpy(), mean) - 1.0, 0.2))


def _carrier(rng: Rng, orders: pl.DataFrame) -> Ints:
    """One of the market's two carriers; a bought label names its own."""
    own = rng.integers(0, 2, orders.height)
    label = orders["tracking"].to_numpy()
    roll = whole(np.nan_to_num(label) // STACK) % 2
    return 2 * orders["market"].to_numpy() + np.where(np.isnan(label), own, roll)


def _origin(world: World, rng: Rng, orders: pl.DataFrame) -> Ints:
    """The warehouse each parcel left from; a bought label leaves from where its seller sits."""
    merchant, warehouse = orders["merchant"].to_numpy(), world.merchants.warehouse
    product, label = orders["product"].to_numpy(), orders["tracking"].to_numpy()
    is_dropshipped = trait(merchant, 11) < DROPSHIPPER_SHARE
    elsewhere = is_dropshipped | chance(rng, ELSEWHERE_SHARE, orders.height)
    broker = whole(np.nan_to_num(label) // STACK)
    source = np.where(np.isnan(label), trait(product, 12), trait(broker, 13))
    other = warehouse[whole(source * len(warehouse))]
    return np.where(elsewhere | ~np.isnan(label), other, warehouse[merchant])


def _matches(rng: Rng, orders: pl.DataFrame, carrier: Ints) -> Bools:
    """Whether the delivery is located at the address."""
    match: Bools = rng.random(orders.height) < usual(
        orders["address_match"].to_numpy(), 1.0 - MISMATCH[carrier]
    )
    return match


def _observation_instants(first_scan: Ints, delivered_at: Ints, lag: Floats) -> Ints:
    """When we hear of the first scan: with the carrier's feed, at the latest at delivery."""
    observed_at = whole(first_scan + np.maximum(lag, 0.0) * HOUR)
    return np.where(
        delivered_at == NEVER,
        observed_at,
        np.maximum(np.minimum(observed_at, delivered_at), first_scan),
    )


def ship(world: World, block: Block, orders: pl.DataFrame) -> pl.DataFrame:
    """One parcel per paid, not cancelled order dispatched before the end of the data.

    Returns `row` (position of the order), `carrier` (position in CARRIERS), the instants
    (NEVER = not yet), `is_lost`, `sent_grams`, `scan_count` so far, `tracking` (see
    `tracking_numbers`), `origin` (warehouse position) and `matches` (meant once delivered).
    """
    rng = stream(world.settings.seed, block.name("fulfilment"))
    end_s = world.settings.end_s
    go = (orders["paid_at"].to_numpy() != NEVER) & (orders["cancelled_at"].to_numpy() == NEVER)
    row = np.flatnonzero(go)
    rows = orders.select(USED)[row]
    shipped_at = _dispatch(world, rng, rows)
    first_scan, delivered_at = _travel(world, rng, rows, shipped_at)
    is_lost, carrier = delivered_at == NEVER, _carrier(rng, rows)
    observed_at = _observation_instants(
        first_scan, delivered_at, log_normal(rng, FEED_HOURS, 0.9, len(row))
    )
    is_scanned, there = observed_at < end_s, ~is_lost & (delivered_at < end_s)
    scans = _scans(rng, rows, np.where(is_lost, 90.0, (delivered_at - first_scan) / HOUR))
    arrives = np.where(is_lost, first_scan + 9 * DAY, delivered_at)
    progress = np.clip((end_s - first_scan) / np.maximum(arrives - first_scan, 1), 0.0, 1.0)
    parcels = pl.DataFrame(
        {
            "row": row.astype(np.int64),
            "carrier": carrier,
            "shipped_at": shipped_at,
            "first_scan_at": np.where(is_scanned, first_scan, NEVER),
            "observed_at": np.where(is_scanned, observed_at, NEVER),
            "delivered_at": np.where(there, delivered_at, NEVER),
            "is_lost": is_lost,
            "sent_grams": _weigh(world, rng, rows),
            "scan_count": np.where(is_scanned, np.maximum(whole(scans * progress), 1), 0),
            "origin": _origin(world, rng, rows),
            "matches": _matches(rng, rows, carrier),
            "tracking": tracking_codes(
                rng, world.settings, block, rows, Dispatch(carrier, shipped_at)
            ),
        }
    )
    return parcels.filter(pl.col("shipped_at") < end_s)
