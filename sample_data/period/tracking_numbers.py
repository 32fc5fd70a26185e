"""Tracking numbers: what carriers print on parcels, and what label sellers sell on.

A carrier numbers its labels as they are handed out, day by day; a shop that prints its
labels in one go gets neighbours, and so does whoever buys a stack of used ones.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import scramble, trait
from sample_data.kit.markets import MARKETS
from sample_data.kit.randomness import Floats, Ints, Rng, whole
from sample_data.kit.settings import DAY, WorldSettings

PREFIXES: Final = pl.Series(
    ["".join(word[0] for word in name.split())[:2].ljust(2, "X").upper()]
    for market in MARKETS
    for name in market.carriers
).explode()
MANIFEST_SHARE = 0.4  # of shops that print the labels of a day in one go
OTHERS_MEAN = 8.0  # labels between two of ours that go to a carrier's other customers
ROLL = 1_000  # labels of one roll; rolls go out in no order
ROLLS, ROLL_STEP, CARRIER_STEP = 99_999_989, 61_803_399, 7_654_321  # a prime: no two rolls alike
LANES, LANE, LANE_START = 64, 2_000_000, 1_000_000  # number ranges of a day, labels in each
BOUGHT = 90_000_000 * ROLL  # first label that label sellers deal in


@dataclass(frozen=True)
class Dispatch:
    """Who carries each parcel, and when it was handed over."""

    carrier: Ints
    shipped_at: Ints


def _print_instants(settings: WorldSettings, merchant: Ints, shipped_at: Ints) -> tuple[Ints, Ints]:
    """Day and second of the day at which each label was printed."""
    day = (shipped_at - settings.start_s) // DAY
    manifest = trait(merchant, 21) < MANIFEST_SHARE
    manifest_second = whole(trait(merchant * 4_096 + day, 22) * DAY)
    return day, np.where(manifest, manifest_second, (shipped_at - settings.start_s) % DAY)


def _steps(rng: Rng, pool: Ints, second: Ints, merchant: Ints) -> Ints:
    """Distance of each label, in print order, to the one before."""
    with_next = (
        (pool[1:] == pool[:-1]) & (second[1:] == second[:-1]) & (merchant[1:] == merchant[:-1])
    )
    others: Floats = np.floor(rng.exponential(OTHERS_MEAN, len(pool)))
    return np.where(np.append(False, with_next), 1, 1 + whole(others))


def tracking_codes(
    rng: Rng,
    settings: WorldSettings,
    block: Block,
    orders: pl.DataFrame,
    dispatch: Dispatch,
) -> Ints:
    """The number on each parcel, without its carrier's letters."""
    carrier = dispatch.carrier
    merchant = orders["merchant"].to_numpy()
    day, second = _print_instants(settings, merchant, dispatch.shipped_at)
    pool = carrier * 100_000 + day
    order = np.argsort(pool * DAY + second, kind="stable")
    pool = pool[order]
    total = np.cumsum(_steps(rng, pool, second[order], merchant[order]))
    first = np.flatnonzero(np.append(True, pool[1:] != pool[:-1])[: len(pool)])
    before = np.repeat(total[first], np.diff(np.append(first, len(pool))))
    label = np.empty(len(pool), dtype=np.int64)
    label[order] = total - before
    lane = day * LANES + block.number % LANES
    label += lane * LANE + scramble(lane * 64 + carrier, 23) % LANE_START
    story_label = orders["tracking"].to_numpy()
    return np.where(np.isnan(story_label), label, BOUGHT + whole(np.nan_to_num(story_label)))


def tracking_numbers(carrier: pl.Series, code: pl.Series) -> pl.Series:
    """Numbers as printed: the carrier's two letters and eleven digits."""
    roll = (code // ROLL + carrier * CARRIER_STEP) % ROLLS * ROLL_STEP % ROLLS
    digits = (roll * ROLL + code % ROLL).cast(pl.Utf8).str.zfill(11)
    return PREFIXES.gather(carrier) + digits
