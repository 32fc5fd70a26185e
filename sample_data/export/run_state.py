"""What one run holds: what was prepared for the whole period, and a block as it happened."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.listings import Versions
from sample_data.actors.programme import Programme
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import World
from sample_data.export.tables import Ids
from sample_data.kit.blocks import Block
from sample_data.kit.plan import PlannedStories
from sample_data.kit.randomness import Ints
from sample_data.period.channels import DemandPlan


@dataclass(frozen=True)
class PlantedOrders:
    """Order intents of all stories by the block they belong to."""

    orders: pl.DataFrame
    anchor: Ints  # sorted: start of the session, else the instant of the order

    def within(self, block: Block) -> pl.DataFrame:
        """The intents of one block."""
        first, last = np.searchsorted(self.anchor, (block.start_s, block.end_s))
        return self.orders[int(first) : int(last)]


@dataclass(frozen=True)
class Prepared:
    """Everything that holds for the whole period; nothing in it changes any more."""

    world: World
    promotions: Promotions
    programme: Programme
    stories: PlannedStories
    planted_orders: PlantedOrders
    demand: DemandPlan
    versions: Versions
    ids: Ids


@dataclass(frozen=True)
class BlockEvents:
    """One block of the period as it happened; `row` columns are positions in `orders`."""

    block: Block
    orders: pl.DataFrame
    parcels: pl.DataFrame
    refunds: pl.DataFrame
    reviews: pl.DataFrame
    settlements: pl.DataFrame
    commissions: pl.DataFrame
    disputes: pl.DataFrame
    complaints: pl.DataFrame
    declines: pl.DataFrame
    sign_ins: pl.DataFrame
    accesses: pl.DataFrame
    sessions: pl.DataFrame
    minutes: pl.DataFrame
    comments: pl.DataFrame
    video_days: pl.DataFrame
