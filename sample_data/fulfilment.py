"""Parcels: dispatched, scanned, weighed, delivered, and sometimes lost.

A parcel's fate beyond the end of the data is not exported; the strike in the
calendar delays every shop of its market alike.
"""

import numpy as np
import polars as pl

from sample_data.commerce import NEVER
from sample_data.intents import usual
from sample_data.markets import MARKETS, per_market
from sample_data.randomness import Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.settings import DAY, HOUR, WorldSettings
from sample_data.world import World

STRIKE_MARKET = 1  # GB
STRIKE_DAYS = (30.0, 36.0)  # DOMAIN 3.5 plants it on day 28
STRIKE_DELAY_HOURS = 84.0  # median extra wait of a parcel dispatched in the strike
LOST_SHARE = 0.007  # of parcels
LATE_SCAN_SHARE = 0.02  # of parcels the carrier first sees days after the dispatch mark
PACKING_GRAMS = 34.0  # median box and padding; letters of light goods weigh less
LIGHT_GRAMS = 80.0  # declared weight below which goods travel as letters, often same day
LOCAL_SHARE = 0.45  # of letters that go to the same city
SCANS_MEAN = 5.2


def strike_span(settings: WorldSettings) -> tuple[int, int]:
    """First and last instant of the carrier strike."""
    return settings.day_s(STRIKE_DAYS[0]), settings.day_s(STRIKE_DAYS[1])


def _dispatch(world: World, rng: Rng, orders: pl.DataFrame) -> Ints:
    """Dispatch instant: a shop's own pace, slower in the strike."""
    merchant = orders["merchant"].to_numpy()
    pace = 12.0 + 22.0 * np.abs(np.sin(np.arange(len(world.merchants.market)) * 78.233))
    hours = usual(
        orders["dispatch_hours"].to_numpy(), log_normal(rng, pace[merchant], 0.55, orders.height)
    )
    begin, end = strike_span(world.settings)
    paid_at = orders["paid_at"].to_numpy()
    hit = (orders["market"].to_numpy() == STRIKE_MARKET) & (paid_at >= begin) & (paid_at < end)
    hours = hours + np.where(hit, log_normal(rng, STRIKE_DELAY_HOURS * 0.4, 0.5, len(hit)), 0.0)
    return whole(paid_at + np.maximum(hours, 0.2) * HOUR)


def _travel(world: World, rng: Rng, orders: pl.DataFrame, shipped: Ints) -> tuple[Ints, Ints]:
    """First scan and delivery; a lost parcel is never delivered."""
    count, market = orders.height, orders["market"].to_numpy()
    gap = log_normal(rng, 5.0, 0.8, count)
    gap = np.where(chance(rng, LATE_SCAN_SHARE, count), gap + 80.0, gap)
    quick = ~np.isnan(orders["transit_hours"].to_numpy())
    gap = np.where(quick, np.minimum(gap, 2.5), gap)
    first_scan = (shipped + gap * HOUR).astype(np.int64)
    light = world.products.weight_grams[orders["product"].to_numpy()] < LIGHT_GRAMS
    local = light & chance(rng, LOCAL_SHARE, count)
    median = np.where(local, 9.0, per_market("transit_hours")[market])
    hours = usual(orders["transit_hours"].to_numpy(), log_normal(rng, median, 0.38, count))
    begin, end = strike_span(world.settings)
    hit = (market == STRIKE_MARKET) & (first_scan >= begin) & (first_scan < end)
    hours = hours + np.where(hit, log_normal(rng, STRIKE_DELAY_HOURS, 0.4, count), 0.0)
    delivered = (first_scan + hours * HOUR).astype(np.int64)
    lost = np.isnan(orders["transit_hours"].to_numpy()) & chance(rng, LOST_SHARE, count)
    return first_scan, np.where(lost, NEVER, delivered)


def _weigh(world: World, rng: Rng, orders: pl.DataFrame) -> Floats:
    """Parcel weight in grams: the goods and their packing, or what a story put in."""
    declared = world.products.weight_grams[orders["product"].to_numpy()]
    goods = declared * orders["quantity"].to_numpy() * (1.0 + rng.normal(0.0, 0.05, orders.height))
    packing = log_normal(
        rng, np.where(declared < LIGHT_GRAMS, 9.0, PACKING_GRAMS), 0.5, orders.height
    )
    grams: Floats = np.maximum(usual(orders["parcel_grams"].to_numpy(), goods + packing), 3.0)
    return np.rint(grams)


def _scans(rng: Rng, orders: pl.DataFrame, hours: Floats) -> Ints:
    """Carrier scans over the whole journey: longer ways, more depots."""
    mean = 1.5 + (SCANS_MEAN - 2.0) * np.clip(hours / 60.0, 0.25, 2.0)
    return 1 + rng.poisson(np.maximum(usual(orders["scans"].to_numpy(), mean) - 1.0, 0.2))


def ship(world: World, orders: pl.DataFrame) -> pl.DataFrame:
    """One parcel per paid, not cancelled order dispatched before the end of the data.

    Returns `row` (position of the order), the instants (NEVER = not yet), `sent_grams`
    (known or not), `scan_count` so far, and `arrives_at`, which stays inside.
    """
    rng, end_s = stream(world.settings.seed, "fulfilment"), world.settings.end_s
    sent = orders.with_row_index("row").filter(
        (pl.col("paid_at") != NEVER) & (pl.col("cancelled_at") == NEVER)
    )
    shipped = _dispatch(world, rng, sent)
    first_scan, delivered = _travel(world, rng, sent, shipped)
    scans = _scans(rng, sent, np.where(delivered > 0, (delivered - first_scan) / HOUR, 90.0))
    arrives = np.where(delivered == NEVER, first_scan + 9 * DAY, delivered)
    progress = np.clip((end_s - first_scan) / np.maximum(arrives - first_scan, 1), 0.0, 1.0)
    seen = np.where(first_scan < end_s, np.maximum(np.floor(scans * progress), 1), 0)
    market = sent["market"].to_numpy()
    second = rng.integers(0, 2, sent.height)
    carriers = [name for place in MARKETS for name in place.carriers]
    parcels = pl.DataFrame(
        {
            "row": sent["row"].cast(pl.Int64),
            "carrier": pl.Series(carriers).gather(2 * market + second),
            "shipped_at": shipped,
            "first_scan_at": np.where(first_scan < end_s, first_scan, NEVER),
            "delivered_at": np.where(delivered < end_s, delivered, NEVER),
            "sent_grams": _weigh(world, rng, sent),
            "scan_count": seen.astype(np.int64),
        }
    )
    return parcels.filter(pl.col("shipped_at") < end_s)
